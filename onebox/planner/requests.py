"""The sentences of a text that ask for something: questions, stories and reports left out."""

import re

from onebox.planner.acts import ACTS
from onebox.planner.manners import (
    ASKS,
    EXAMINES,
    INFORMS,
    MAY_I,
    NARRATED,
    NEGATED,
    POLITE,
    REPORTS,
    WONDERS,
)
from onebox.planner.rewording import reworded

_SENTENCE = re.compile(r"(?<= )[.!?;]+ |\n")


def requests(plain: str, *, work: bool = False) -> str:
    """The sentences that ask for something, what they forbid left out."""
    kept = []
    for sentence in _sentences(plain):
        asked, told = NARRATED.subn(" <told> ", reworded(sentence))
        positive, forbidden = NEGATED.subn(" <not> ", asked)
        if (told or forbidden) and not _any_act(positive):
            continue
        if not _only_informs(positive) or (work and _is_work(positive)):
            kept.append(positive)
    return " . ".join(kept)


def _sentences(plain: str) -> list[str]:
    """Sentences with their end mark, so that a question can be told."""
    ends = [found.end() for found in _SENTENCE.finditer(plain)]
    cuts = zip([0, *ends], [*ends, len(plain)], strict=True)
    return [f" {plain[start:end].strip()} " for start, end in cuts if plain[start:end].strip()]


def _is_work(sentence: str) -> bool:
    """With a price and a time, what else would only be wondered about is wanted."""
    return (EXAMINES.match(sentence) or MAY_I.match(sentence)) is not None


def _only_informs(sentence: str) -> bool:
    """Questions, stories and reports ask for nothing; a polite question does."""
    if INFORMS.match(sentence) or WONDERS.match(sentence):
        return True
    if REPORTS.search(sentence) or MAY_I.match(sentence):
        return True
    if POLITE.search(sentence):
        return False
    return ASKS.match(sentence) is not None


def _any_act(sentence: str) -> bool:
    return any(pattern.search(sentence) for _, pattern in ACTS)
