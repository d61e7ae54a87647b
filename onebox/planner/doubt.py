"""A bare number in a second thought that may replace the amount as well as the time."""

from collections.abc import Sequence

from onebox.planner.mentions import Amount
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number
from onebox.planner.times import Term
from onebox.planner.words import bag

_SENTENCE_ENDS = bag(". ! ? ;") | {"\n"}
_THOUGHT = bag(
    "actually make it that no wait sorry correction let lets let's 's us say change to i mean "
    "please rather scratch oops on second thought , : -"
)
_ENDS = frozenset({"", "\n"}) | bag(". ! ; , instead please thanks")
_MOST = 7


def doubtful(
    reading: Reading, numbers: Sequence[Number], amounts: Sequence[Amount], terms: Sequence[Term]
) -> bool:
    """True for `200 AGI, 12 days. Actually make it 250`: nobody can tell which it means."""
    for number in numbers:
        start = _sentence_start(reading, number)
        if start is None or reading.fold(number.last + 1) not in _ENDS:
            continue
        if all(any(_before(said, start, number) for said in kind) for kind in (amounts, terms)):
            return True
    return False


def _before(said: Amount | Term, start: int, number: Number) -> bool:
    """Named before the thought, or replaced by its number already."""
    return said.last < start or said.first == number.first


def _sentence_start(reading: Reading, number: Number) -> int | None:
    """Where the sentence begins that holds nothing but a second thought before the number."""
    for place in range(number.first - 1, max(number.first - _MOST, 0) - 1, -1):
        word = reading.fold(place)
        if word in _SENTENCE_ENDS:
            return place if place < number.first - 1 else None
        if word not in _THOUGHT:
            return None
    return None
