"""`make eval`: how well the planner understands; fails below 97 % or on any wrong money."""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Sequence

import structlog

from tests.eval.route import SETS, items_of, scores_of
from tests.eval.scoring import Score

FLOOR = 0.97


def main() -> int:
    """Exit code 0 when every set is at the floor and no item would move too much."""
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    good = True
    for name, path in SETS.items():
        scores = asyncio.run(scores_of(items_of(path)))
        right = sum(not s.failed for s in scores)
        wrong = [s.item["id"] for s in scores if s.wrong_money]
        say(f"\n{name}: {right} of {len(scores)} right ({right / len(scores):.1%})")
        say(f"{name}: {len(wrong)} would move more money than their text says {wrong or ''}")
        say(table(scores))
        say(failures(scores))
        good = good and not wrong and right >= FLOOR * len(scores)
    return 0 if good else 1


def table(scores: Sequence[Score]) -> str:
    """Right and all items by tag."""
    tagged = [(tag, not s.failed) for s in scores for tag in _tags(s)]
    right, every = Counter(tag for tag, good in tagged if good), Counter(t for t, _ in tagged)
    rows = [f"  {tag:<18}{right[tag]:>4} of {every[tag]:>4}" for tag in sorted(every)]
    return "\n".join(rows)


def _tags(scored: Score) -> set[str]:
    """The kind (or `error`) and what the item tests."""
    return {scored.item["expect"]["kind"] or "error", *scored.item.get("tags", [])}


def failures(scores: Sequence[Score]) -> str:
    """What was expected of each failed item, and what came."""
    lines = [f"  {s.item['id']} {s.item['text']!r}: {s.failed}" for s in scores if s.failed]
    return "\n".join(["failures:", *lines]) if lines else "no failures"


def say(text: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
