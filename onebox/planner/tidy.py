"""The operator's text made clean, each character with its place in what was typed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"[^\S\n]")
_RUN = re.compile(r"[^\S\n]{2}")
_GROUPED = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_REPEATED = re.compile(r"(?<=[^\S\n])[^\S\n]")
_KEPT_CONTROLS = "\n\t\r"
_JAMO = range(0x1161, 0x1200)  # vowels and finals: they compose with the letter before
_CHARACTERS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\r": "\n",
    }
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
)


@dataclass(frozen=True)
class Tidy:
    """`text` to read, `said` to quote; character i of `text` was typed at starts[i]..ends[i]."""

    said: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def tidy(typed: str) -> Tidy:
    """NFC without control, format and private characters; quotes, dashes and spaces plain."""
    if typed.isascii() and not _has_controls(typed) and not _RUN.search(typed):
        said = typed.strip()
        first = len(typed) - len(typed.lstrip())
        starts, ends = range(first, first + len(said)), range(first + 1, first + len(said) + 1)
        return Tidy(said, _SPACES.sub(" ", said.translate(_CHARACTERS)), starts, ends)
    return _composed(typed)


def _has_controls(typed: str) -> bool:
    return not typed.isprintable() and any(
        not c.isprintable() and c not in _KEPT_CONTROLS for c in typed
    )


def _composed(typed: str) -> Tidy:
    kept = [
        (char, start, end)
        for start, end in _clusters(typed)
        for char in unicodedata.normalize("NFC", typed[start:end])
        if char in _KEPT_CONTROLS or not unicodedata.category(char).startswith("C")
    ]
    whole = "".join(char for char, _, _ in kept)
    said = whole.strip()
    first = len(whole) - len(whole.lstrip())
    kept = kept[first : first + len(said)]
    joints = {found.start() for found in _GROUPED.finditer(said)}
    joints.update(found.start() for found in _REPEATED.finditer(said))
    kept = [entry for place, entry in enumerate(kept) if place not in joints]
    text = "".join(char for char, _, _ in kept).translate(_CHARACTERS)
    starts, ends = [start for _, start, _ in kept], [end for _, _, end in kept]
    return Tidy(said, _SPACES.sub(" ", text), starts, ends)


def _clusters(typed: str) -> Iterator[tuple[int, int]]:
    """Spans of a letter with the marks upon it."""
    start = 0
    for place in range(1, len(typed) + 1):
        if place == len(typed) or not _joins(typed[place]):
            yield start, place
            start = place


def _joins(char: str) -> bool:
    return unicodedata.combining(char) != 0 or ord(char) in _JAMO
