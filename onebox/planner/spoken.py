"""Numbers in words: two hundred and fifty, cincuenta y ocho, a hundred."""

from collections.abc import Iterator

from onebox.planner.normalise import Reading, Token, adjacent
from onebox.planner.words import (
    AND_AFTER_HUNDRED,
    AND_AFTER_TENS,
    MULTIPLIERS,
    ONE,
    SMALL_NUMBERS,
    TENS,
    UNIT_HOURS,
    WHOLE_HUNDREDS,
)

# French counts soixante-quinze, quatre-vingt-dix and dix-sept.
_FRENCH = {"soixante": "score", "dix": "dix"}
_AFTER_DIX = frozenset({"sept", "huit", "neuf"})
_TWENTIES = frozenset({"vingt", "vingts"})
_COUNTABLE = frozenset({*MULTIPLIERS, *UNIT_HOURS})


def spoken(reading: Reading, index: int) -> tuple[int, int] | None:
    """The longest spoken number from a token on: (value, index of its last token)."""
    first = reading.tokens[index]
    if first.kind != "word" or not _is_number_word(first) or _is_article(reading, index):
        return None
    return _spoken(reading, index)


def _is_number_word(token: Token) -> bool:
    word = token.fold
    known = word in SMALL_NUMBERS or word in TENS or word in WHOLE_HUNDREDS or word in ONE
    return known or word in {"dozen", "cent", "cien", "ciento", "mil", "mille"}


def _is_article(reading: Reading, index: int) -> bool:
    """`a` is one only in `a hundred` and `a week`."""
    word, after = reading.fold(index), reading.fold(index + 1)
    if word == "one":
        return False
    return word in ONE and after not in _COUNTABLE


def _spoken(reading: Reading, index: int) -> tuple[int, int]:
    total, current, last, previous = 0, 0, index, ""
    for place, word in _number_words(reading, index):
        if word in _TWENTIES and previous == "unit" and current % 100 == 4:  # noqa: PLR2004
            current, last, previous = current - 4 + 80, place, "score"  # quatre-vingts
            continue
        kind = _class_of(word, previous)
        if kind is None:
            break
        if kind == "thousand":
            total, current = total + max(current, 1) * MULTIPLIERS[word], 0
        elif word in MULTIPLIERS:
            current = max(current, 1) * MULTIPLIERS[word]
        else:
            current += _small(word)
        last, previous = place, _FRENCH.get(word, kind)
    return total + current, last


def _number_words(reading: Reading, index: int) -> Iterator[tuple[int, str]]:
    """Number words in a row, over hyphens and the `and` that numbers have."""
    place, before = index, ""
    while place < len(reading.tokens):
        word = reading.fold(place)
        joins = word == "-" and adjacent(reading, place) and adjacent(reading, place - 1)
        joins = joins or (word in AND_AFTER_HUNDRED and before in MULTIPLIERS)
        joins = joins or (word in AND_AFTER_TENS and before in TENS)
        if not joins or not before:
            if not _counts(word):
                return
            yield place, word
            before = word
        place += 1


def _counts(word: str) -> bool:
    known = word in SMALL_NUMBERS or word in TENS or word in WHOLE_HUNDREDS or word in ONE
    return known or (word in MULTIPLIERS and len(word) > 1)


def _small(word: str) -> int:
    found = SMALL_NUMBERS.get(word) or TENS.get(word) or WHOLE_HUNDREDS.get(word)
    return found or (0 if word in {"zero", "cero"} else 1)


def _class_of(word: str, previous: str) -> str | None:
    """What a word adds to a number, or None where it begins another number."""
    if word in MULTIPLIERS:
        big = MULTIPLIERS[word] >= 1000  # noqa: PLR2004
        allowed = {"", "unit", "tens", "teens", "dix", "score", "hundred"} if big else {"", "unit"}
        return ("thousand" if big else "hundred") if previous in allowed else None
    if word in WHOLE_HUNDREDS:
        return "hundred" if previous in {"", "thousand"} else None
    if word in TENS:
        return "tens" if previous in {"", "hundred", "thousand"} else None
    unit = "unit" if _small(word) < 10 else "teens"  # noqa: PLR2004
    if previous == "dix" and word in _AFTER_DIX:
        return unit
    after_tens = {"", "hundred", "thousand", "tens", "score"}
    return unit if previous in (after_tens if unit == "unit" else after_tens - {"tens"}) else None
