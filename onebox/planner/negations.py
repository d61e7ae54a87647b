"""What the text forbids or tells: `don't cancel job 7` names a job only to leave it alone."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from onebox.planner.manners import NARRATES, NEGATED, POLITE
from onebox.planner.mentions import Mention
from onebox.planner.normalise import Reading

_BACK_THEN = re.compile(
    r" (?:last (?:time|year|month|week|quarter|spring|summer|autumn|winter)|previously|back then"
    r"|used to|earlier this (?:year|month|week))(?= )"
)
_SENTENCE = re.compile(r"[^.!?;\n]{1,2000}")
M = TypeVar("M", bound=Mention)


def allowed(reading: Reading, mentions: Sequence[M]) -> list[M]:
    """The mentions outside of what is forbidden or told; all of them where none is outside."""
    if len(mentions) < 2:  # noqa: PLR2004
        return list(mentions)
    barred = [
        (reading.token_at(start + 1), reading.token_at(end - 1))
        for start, end in (*_forbidden(reading.plain), *_stories(reading.plain))
    ]
    kept = [m for m in mentions if not any(a <= m.first <= b for a, b in barred)]
    return kept or list(mentions)


def _forbidden(plain: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in NEGATED.finditer(plain))


def _stories(plain: str) -> Iterator[tuple[int, int]]:
    """Sentences about the past: `Last year we spent 9,000 AGI on ads. Now post a job ...`."""
    for sentence in _SENTENCE.finditer(plain):
        told = NARRATES.search(sentence[0]) or _BACK_THEN.search(sentence[0])
        if told and not POLITE.search(sentence[0]):
            yield sentence.span()
