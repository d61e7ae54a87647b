"""Which of several amounts is meant, or none of them."""

from collections.abc import Sequence
from itertools import pairwise

from onebox.planner.amounts import CURRENCY
from onebox.planner.mentions import Amount
from onebox.planner.normalise import Reading
from onebox.planner.words import bag

_LISTED = CURRENCY | bag(", and or & / ;")
_SENTENCE_ENDS = bag(". ! ?") | {"\n"}


def chosen(reading: Reading, amounts: Sequence[Amount]) -> Amount | None:
    """The one amount of the highest rank, or None where several compete or it is unclear."""
    best = max((a.rank for a in amounts), default=0)
    top = [a for a in amounts if a.rank == best and best > 0]
    if len({a.value for a in top}) != 1 or top[0].value is None:
        return None
    if _raised(reading, amounts, top[0]) or _listed(reading, amounts, top[0]):
        return None
    return top[0] if len(top) == 1 or _told_twice(top) else None


def _listed(reading: Reading, amounts: Sequence[Amount], top: Amount) -> bool:
    """`10 AGI, 20 AGI`: which of them is anybody's guess."""
    after = next((a for a in amounts if a.first > top.last and a.value != top.value), None)
    gap = range(top.last + 1, after.first if after else top.last)
    return after is not None and all(reading.fold(i) in _LISTED for i in gap)


def _raised(reading: Reading, amounts: Sequence[Amount], top: Amount) -> bool:
    """True where a later sentence names a higher amount than the first one did."""
    lower = (a for a in amounts if 0 < a.rank < top.rank and a.last < top.first and a.value)
    return any(
        (a.value or 0) < (top.value or 0)
        and any(reading.fold(i) in _SENTENCE_ENDS for i in range(a.last, top.first))
        for a in lower
    )


def _told_twice(top: Sequence[Amount]) -> bool:
    """The same amount again, some words later, is a repetition; `50 and 50` is not."""
    return all(b.first - a.last > 5 for a, b in pairwise(top))  # noqa: PLR2004
