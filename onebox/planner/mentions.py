"""Numbers with a meaning: amounts of AGIALPHA, durations, and which of several is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Protocol, TypeVar

from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number
from onebox.planner.words import CORRECTION, FOREIGN, FOREIGN_SIGNS, UNIT_HOURS, bag

_NO_WAIT = re.compile(
    r" (?:no ,|no -|no wait|make (?:that|it)|(?:edit|update|correction) :|i mean|or rather"
    r"|(?:let's|let us|better) (?:say|make)|on second thoughts?|change (?:that|it|this) to"
    r"|[,-] no (?!later|more)) ?"
)

_TIMES = frozenset(UNIT_HOURS)
_SENTENCE_ENDS = frozenset([".", "!", "?", ";", "(", "\n"])
_TURNS = bag(
    "actually correction sorry scratch no wait oops make let's let better on rather change edit "
    "update hmm oh ah er um ok well pardon plutot perdon mejor i and say use"
)
_BARRED = bag("don't dont never if unless earned cost paid spent")
_NEAR = 12  # words behind the first mention, and before the second, that may take it back


class Mention(Protocol):
    """Something the text names at the tokens first..last."""

    @property
    def first(self) -> int:
        """Index of its first token."""
        ...

    @property
    def last(self) -> int:
        """Index of its last token."""
        ...


M = TypeVar("M", bound=Mention)


@dataclass(frozen=True)
class Amount:
    """An amount of AGIALPHA; `rank` says how surely it is the one that counts.

    `value` is None where the text is vague or has two readings.
    """

    value: Decimal | None
    first: int
    last: int
    rank: int


def corrected_mentions(reading: Reading, mentions: Sequence[M]) -> list[M]:
    """Without those that the text takes back: `40, sorry, 45`, `not 40 but 45`."""
    kept = [m for m in mentions if not taken_back(reading, m)]
    return [
        m
        for m, after in zip_longest(kept, kept[1:])
        if after is None or not is_correction(reading, m.last + 1, after.first)
    ]


def is_correction(reading: Reading, start: int, end: int) -> bool:
    """True when the words between two mentions replace the first by the second."""
    behind = [reading.fold(i) for i in range(start, min(end, start + _NEAR))]
    sentence = _since(reading, start, end, _SENTENCE_ENDS)
    if _BARRED & {*sentence}:
        return False  # `don't make it 90`, `if late, make it 20`
    if _told_instead(reading, start, end) or _says_again(behind):
        return True
    return sentence[:1] != [] and sentence[0] in _TURNS and _says_again(sentence)


def _since(reading: Reading, start: int, end: int, pauses: frozenset[str]) -> list[str]:
    """The words before the second mention, back to the last pause."""
    words: list[str] = []
    for place in range(end - 1, max(start, end - _NEAR) - 1, -1):
        if reading.fold(place) in pauses:
            break
        words.insert(0, reading.fold(place))
    return words


def _told_instead(reading: Reading, start: int, end: int) -> bool:
    """`let's say 85 AGI instead`; `the reviewer earned 80 AGI instead` is a story."""
    after = [reading.fold(end + i) for i in range(1, 4)]
    if "instead" not in after[:2] or after[after.index("instead") + 1 :][:1] == ["of"]:
        return False
    words = _since(reading, start, end, _SENTENCE_ENDS | {",", ":"})
    return not words or words[0] in _TURNS


def _says_again(gap: Sequence[str]) -> bool:
    if any(word in CORRECTION for word in gap) and "of" not in gap and "than" not in gap:
        return True
    return _NO_WAIT.search(" " + " ".join(gap) + " ") is not None


def taken_back(reading: Reading, mention: Mention) -> bool:
    """`instead of 40`, `rather than 40`, `not 40`: named only to be ruled out."""
    two = (reading.fold(mention.first - 2), reading.fold(mention.first - 1))
    return two in {("instead", "of"), ("rather", "than"), ("not", "for")} or two[1] == "not"


def is_foreign(reading: Reading, number: Number) -> bool:
    """True beside another currency: $300, 50 USDC."""
    after, before = reading.fold(number.last + 1), reading.fold(number.first - 1)
    if after in FOREIGN or after in FOREIGN_SIGNS:
        return True
    return before in FOREIGN_SIGNS or (before in FOREIGN and not after_number(reading, number))


def after_number(reading: Reading, number: Number) -> bool:
    """True when the word before belongs to a number of its own: `50 USDC 10 days`."""
    index = number.first - 2
    return index >= 0 and reading.tokens[index].kind == "number"


def in_range(
    reading: Reading, numbers: Sequence[Number], place: int, units: frozenset[str]
) -> bool:
    """True for an end of a range such as `5-8 days`, `between 50 and 80 AGI`, `5 or 6 days`.

    Args:
        reading: the text.
        numbers: all its numbers.
        place: which of them.
        units: folds that may stand between the two numbers as the first one's unit.
    """
    number = numbers[place]
    before = numbers[place - 1] if place else None
    after = numbers[place + 1] if place + 1 < len(numbers) else None
    with_before = before is not None and _joined(reading, before, number, units)
    return with_before or (after is not None and _joined(reading, number, after, units))


def _joined(reading: Reading, low: Number, high: Number, units: frozenset[str]) -> bool:
    gap = [reading.fold(i) for i in range(low.last + 1, high.first)]
    ahead = {reading.fold(high.last + 1), reading.fold(high.last + 2), reading.fold(low.first - 1)}
    if not ahead & units:
        return False  # `37 AGI - 6 days` is a list, no range
    if _has_other_unit(reading, low, high, units):
        return False  # `AGIALPHA 225 - 3 weeks` is a list too
    if gap and gap[0] in units:
        gap = gap[1:]
    if gap in (["-"], ["~"], ["to"], ["or"], ["ou"], ["o"], ["/"], ["..."], ["+"], ["plus"], ["a"]):
        return True
    opened = {reading.fold(low.first - 1), reading.fold(low.first - 2)}
    return gap in (["and"], ["et"], ["y"], ["&"]) and bool(opened & {"between", "entre"})


def _has_other_unit(reading: Reading, low: Number, high: Number, units: frozenset[str]) -> bool:
    if reading.fold(high.last + 1) in UNIT_HOURS and not units & _TIMES:
        return True
    return reading.fold(low.first - 1).startswith(("agi", "$agi")) and bool(units & _TIMES)
