"""Second thoughts: what the text says last, behind `no wait`, `I mean` and the like, counts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from onebox.planner.normalise import Reading, Span

T = TypeVar("T")

TURN = re.compile(
    r" (?:no ,? ?(?:wait|actually|sorry|make|rather|i mean)|, no ,|[.;-] no ,|scratch that|i mean"
    r"|i meant|correction|edit :|oops|ups|pardon|perdon|digo|plutot|or rather|, rather|(?:[,;.-] )?"
    r"(?:sorry|actually) ?,|[,;.-] (?:sorry|actually)(?! (?:for|to|about|that|if)))(?= )"
)


@dataclass(frozen=True)
class Said(Generic[T]):
    """A value and the piece of `Reading.text` that says it."""

    value: T
    span: Span


def said_last(reading: Reading, find: Callable[[Reading, str], Said[T] | None]) -> Said[T] | None:
    """What the words behind the last change of mind say, else what the whole text says."""
    turn = 0
    for found in TURN.finditer(reading.plain):
        turn = found.end()
    later = find(reading, _from(reading.plain, turn)) if turn else None
    return later or find(reading, reading.plain)


def blanked(found: re.Match[str]) -> str:
    """As long as what it replaces, and one word without a meaning: places stay as they are."""
    return " " + "~" * (len(found[0]) - 1)


def _from(plain: str, start: int) -> str:
    return " " + "~" * (start - 1) + plain[start:]
