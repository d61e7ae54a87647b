"""From the operator's text to tokens: one pass, no catastrophic patterns."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from onebox.errors import InputTextRequired, ValidationFailed
from onebox.planner.spelling import corrected
from onebox.planner.words import LANGUAGE_WORDS

MAX_TEXT = 10_000
TokenKind = Literal["uri", "name", "hex", "currency", "number", "word", "line", "mark"]

_ELISION = 3  # j' and qu' are words of their own

_SPACES = re.compile(r"[^\S\n]")
_GROUPED = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_TOKEN = re.compile(
    r"""(?P<uri>[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>"]+)
      | (?P<name>(?:\w[\w-]{0,62}\.){1,8}[Ee][Tt][Hh](?!\w))
      | (?P<hex>0x[0-9A-Fa-f]+(?!\w))
      | (?P<currency>\$?[Aa][Gg][Ii](?:[Aa](?:[Ll][Pp][Hh][Aa])?)?(?!\w))
      | (?P<number>[0-9]+(?:[.,][0-9]+)*)
      | (?P<word>(?:[cdjlmnstCDJLMNST]|[Qq]u)'(?=[^\W0-9_])|[^\W0-9_][\w']*)
      | (?P<line>\n)
      | (?P<mark>\S)""",
    re.VERBOSE,
)
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
class Token:
    """A piece of the text; `fold` is lower case, without accents, spelling mended."""

    kind: TokenKind
    text: str
    fold: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True)
class Reading:
    """The text as tokens. `plain` joins the folds with spaces: what the patterns read.

    Quoted words, names and addresses appear in `plain` as `<q>`, `<ens>`, `<uri>`, `<hex>`.
    """

    original: str
    text: str
    tokens: tuple[Token, ...]
    language: str

    @cached_property
    def plain(self) -> str:
        """The folds, one space between and one at each end."""
        return " " + " ".join(_shown(token) for token in self.tokens) + " "

    @cached_property
    def several_lines(self) -> bool:
        """True for a text of more than one line."""
        return any(token.kind == "line" for token in self.tokens)

    @cached_property
    def _starts(self) -> list[int]:
        starts, place = [], 1
        for token in self.tokens:
            starts.append(place)
            place += len(_shown(token)) + 1
        return starts

    def token_at(self, place: int) -> int:
        """Index of the token that holds a place of `plain`."""
        return max(bisect_right(self._starts, place) - 1, 0)

    def fold(self, index: int) -> str:
        """The fold at an index; empty outside the text."""
        return self._folds[index] if 0 <= index < len(self._folds) else ""

    @cached_property
    def _folds(self) -> list[str]:
        return [token.fold for token in self.tokens]


def adjacent(reading: Reading, index: int) -> bool:
    """True when nothing stands between a token and the next one."""
    if not 0 <= index < len(reading.tokens) - 1:
        return False
    return reading.tokens[index].end == reading.tokens[index + 1].start


def read(text: str) -> Reading:
    """Tokenise what the operator typed.

    Raises:
        InputTextRequired: blank, Unicode spaces and invisible characters included.
        ValidationFailed: more than MAX_TEXT characters.
    """
    if len(text) > MAX_TEXT:
        message = f"input_text has {len(text)} characters; {MAX_TEXT} are allowed."
        raise ValidationFailed(message, errors=[{"pointer": "/input_text", "message": message}])
    original = _tidy(text)
    if not original:
        raise InputTextRequired
    clean = _SPACES.sub(" ", _GROUPED.sub("", original.translate(_CHARACTERS)))
    tokens = tuple(_tokens(clean, _quotes(clean)))
    return Reading(original, clean, tokens, _language(tokens))


def _tidy(text: str) -> str:
    """NFC without control, format and private characters (bidi overrides, zero widths)."""
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if c in "\n\t\r" or not unicodedata.category(c).startswith("C"))
    return "".join(kept).strip()


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in split if not unicodedata.combining(c))


def _tokens(text: str, quotes: list[tuple[int, int]]) -> Iterator[Token]:
    inside = iter([*quotes, (len(text) + 1, len(text) + 1)])
    start, end = next(inside)
    for found in _TOKEN.finditer(text):
        while found.start() >= end:
            start, end = next(inside)
        kind: TokenKind = found.lastgroup  # type: ignore[assignment]  # every branch is named
        piece = found[0] if len(found[0]) <= _ELISION else found[0].rstrip("'")
        word = corrected(fold(piece)) if kind == "word" else fold(piece)
        quoted = start < found.start() < end
        yield Token(kind, piece, word, found.start(), found.start() + len(piece), quoted)


def _quotes(text: str) -> list[tuple[int, int]]:
    """Spans of quoted text, marks included; an apostrophe inside a word opens nothing."""
    spans: list[tuple[int, int]] = []
    place = 0
    for found in re.finditer(r"\"[^\"\n]{1,300}\"|(?<![\w'])'[^\n']{2,300}'(?!\w)", text):
        spans.append((found.start(), found.end()))
        place += found.end() - found.start()
    # A sentence that is one long quotation is the sentence itself.
    return [] if place * 10 > len(text) * 8 else spans


def _shown(token: Token) -> str:
    if token.quoted:
        return "<q>"
    return {"uri": "<uri>", "name": "<ens>", "hex": "<hex>", "line": "\n"}.get(
        token.kind, token.fold
    )


def _language(tokens: tuple[Token, ...]) -> str:
    """The language whose small words are most frequent; English where none stands out."""
    words = {token.fold for token in tokens if token.kind == "word" and not token.quoted}
    scores = {name: len(words & small) for name, small in LANGUAGE_WORDS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > scores["en"] else "en"
