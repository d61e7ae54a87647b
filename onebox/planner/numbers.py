"""Every number of the text, in digits or words, with its place and sign."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from onebox.planner.digits import value_of
from onebox.planner.normalise import Reading, adjacent
from onebox.planner.spoken import spoken
from onebox.planner.words import MULTIPLIERS, UNIT_HOURS

_SIGNS = frozenset("+-")
_BEFORE_A_SIGN = frozenset("$([{\"':=,")
_TEARING = frozenset(".\u00b7\u066b;|^/\\&%*")


@dataclass(frozen=True)
class Number:
    """A number over the tokens first..last; `value` is None when it can be read in two ways."""

    value: Decimal | None
    first: int
    last: int
    negative: bool = False
    digits: str = ""
    quoted: bool = False


def numbers_of(reading: Reading) -> list[Number]:
    """All numbers from left to right; list markers at the start of a line are none."""
    found, index = [], 0
    while index < len(reading.tokens):
        number = _digits(reading, index) or _words(reading, index)
        number = number and _halved(reading, number)
        if number is not None and not _counts_nothing(reading, number):
            found.append(number)
        index = index + 1 if number is None else number.last + 1
    return found


def number_after(numbers: Sequence[Number], last: int) -> Number | None:
    """The first number behind a token."""
    place = bisect_right(numbers, last, key=lambda number: number.first)
    return numbers[place] if place < len(numbers) else None


def _halved(reading: Reading, number: Number) -> Number:
    """`one and a half thousand` is 1500; without such a word behind it the half is another's."""
    factor = MULTIPLIERS.get(reading.fold(number.last + 4))
    half = [reading.fold(number.last + i) for i in (1, 2, 3)] == ["and", "a", "half"]
    if not half or factor is None or number.value is None:
        return number
    return replace(
        number, value=(number.value + Decimal("0.5")) * factor, digits="", last=number.last + 4
    )


def _counts_nothing(reading: Reading, number: Number) -> bool:
    return _is_marker(reading, number) or _is_compound(reading, number)


def _is_compound(reading: Reading, number: Number) -> bool:
    """`zero-knowledge`, `one-page`: the number is part of a word."""
    dash = number.last + 1
    if number.digits or reading.fold(dash) != "-":
        return False
    after, joined = (
        _kind(reading, dash + 1),
        adjacent(reading, dash) and adjacent(reading, dash - 1),
    )
    return joined and after == "word" and reading.fold(dash + 1) not in UNIT_HOURS


def _is_marker(reading: Reading, number: Number) -> bool:
    """`2. pay 430 AGI` on a line of its own counts lines, not money."""
    before, after = reading.fold(number.first - 1), reading.fold(number.last + 1)
    follows = number.last + 2 < len(reading.tokens)
    return before in {"", "\n"} and after in {".", ")"} and follows and reading.several_lines


def _digits(reading: Reading, index: int) -> Number | None:
    token = reading.tokens[index]
    if token.kind != "number":
        return None
    text, last = _grouped(reading, index)
    value = value_of(text, reading.language)
    factor = _factor(reading, last)
    if factor is not None:
        last += 1
        value = None if value is None else value * factor
    elif _glued(reading, last):
        value = None
    if _torn(reading, index):
        value = None
    return Number(value, index, last, _negative(reading, index), text, token.quoted)


def _grouped(reading: Reading, index: int) -> tuple[str, int]:
    """French writes 1 200; elsewhere such digits are two numbers unless AGI follows."""
    text, last = reading.tokens[index].text, index
    if not (text.isdigit() and len(text) <= 3) or reading.fold(index - 1) in {"#", "job"}:  # noqa: PLR2004
        return text, last
    while _is_group(reading, last + 1):
        last += 1
        text += reading.tokens[last].text
    followed = _kind(reading, last + 1) == "currency"
    return (text, last) if followed else (reading.tokens[index].text, index)


def _is_group(reading: Reading, index: int) -> bool:
    if _kind(reading, index) != "number":
        return False
    return re.fullmatch("[0-9]{3}", reading.tokens[index].text) is not None


def _factor(reading: Reading, last: int) -> int | None:
    """`1.5k`, `3 thousand`; a lone `m` must be glued to its number."""
    word = reading.fold(last + 1)
    glued = adjacent(reading, last)
    if word not in MULTIPLIERS or word in {"cent", "cents"}:
        return None
    return MULTIPLIERS[word] if glued or len(word) > 1 or word == "k" else None


def _glued(reading: Reading, last: int) -> bool:
    """True for 3D, 2FA or 5 with a foreign digit: no number by itself."""
    if reading.fold(last - 1) == "_" and adjacent(reading, last - 1):
        return True  # the rest of 1_000
    if not adjacent(reading, last) or _kind(reading, last + 1) not in {"word", "mark"}:
        return False
    token = reading.tokens[last + 1]
    if token.kind == "mark":
        return token.text.isalnum() or token.text == "_"
    return token.fold not in UNIT_HOURS


def _torn(reading: Reading, index: int) -> bool:
    """True for the last digits of 1e-3, .5, 1|2 or --1: the rest of a number that is none."""
    if not adjacent(reading, index - 1):
        return False
    before = reading.fold(index - 1)
    if before in _SIGNS:
        inside = adjacent(reading, index - 2) and _kind(reading, index - 2) in {"word", "mark"}
        return inside and reading.fold(index - 2) not in _BEFORE_A_SIGN
    return before in _TEARING or (before == "'" and _kind(reading, index - 2) == "number")


def _is_tail(reading: Reading, index: int) -> bool:
    """The last word of a number that is none, such as `forty-hundred`."""
    dashed = reading.fold(index - 1) == "-" and adjacent(reading, index - 1)
    return dashed and adjacent(reading, index - 2)


def _kind(reading: Reading, index: int) -> str:
    return reading.tokens[index].kind if 0 <= index < len(reading.tokens) else ""


def _negative(reading: Reading, index: int) -> bool:
    """A minus touches its number and no word before it; ` - 37` is a dash, 5-8 a range."""
    before = reading.fold(index - 1)
    if before in {"minus", "negative", "moins", "menos"}:
        return True
    if before not in {"-", "$"} or not adjacent(reading, index - 1):
        return False
    if before == "$":
        return index > 1 and reading.fold(index - 2) == "-" and adjacent(reading, index - 2)
    return index < 2 or not adjacent(reading, index - 2) or reading.fold(index - 2) in {":", "("}  # noqa: PLR2004


def _words(reading: Reading, index: int) -> Number | None:
    found = spoken(reading, index)
    if found is None:
        return None
    value, last = found
    token = reading.tokens[index]
    if _is_tail(reading, index):
        return Number(None, index, last, quoted=token.quoted)
    return Number(Decimal(value), index, last, _negative(reading, index), "", token.quoted)
