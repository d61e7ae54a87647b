"""From the operator's text to tokens: one pass, no catastrophic patterns."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple

from onebox.errors import InputTextRequired, ValidationFailed
from onebox.planner.spelling import corrected
from onebox.planner.tidy import Tidy, tidy
from onebox.planner.words import LANGUAGE_WORDS

MAX_TEXT = 10_000
MAX_TOKENS = 3_000  # what bounds the time: prose of MAX_TEXT characters has 2,000
Span = tuple[int, int]
TokenKind = Literal["uri", "name", "hex", "currency", "number", "word", "line", "mark"]

_ELISION = 3  # j' and qu' are words of their own

_TOKEN = re.compile(
    r"""(?P<uri>[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>"]+)
      | (?P<name>(?:\w[\w-]{0,62}\.){1,8}[Ee][Tt][Hh](?!\w))
      | (?P<hex>0x[0-9A-Fa-f]+(?!\w))
      | (?P<currency>\$?[Aa][Gg][Ii](?:[Aa](?:[Ll][Pp][Hh][Aa])?)?(?!\w))
      | (?P<number>[0-9]+(?:[.,][0-9]+|'[0-9]{3}(?![0-9]))*)
      | (?P<word>(?:[cdjlmnstCDJLMNST]|[Qq][Uu])'(?=[^\W0-9_])|[^\W0-9_][\w']*)
      | (?P<line>\n)
      | (?P<mark>\S)""",
    re.VERBOSE,
)


class Token(NamedTuple):
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

    clean: Tidy
    tokens: tuple[Token, ...]
    language: str

    @property
    def original(self) -> str:
        """What was typed, without invisible characters: what a description quotes."""
        return self.clean.said

    @property
    def text(self) -> str:
        """What the patterns read: plain quotes, dashes and spaces."""
        return self.clean.text

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of `text` stands in what the operator typed."""
        end = max(end, start + 1)
        return self.clean.starts[start], self.clean.ends[end - 1]

    def span(self, first: int, last: int) -> Span:
        """The piece of `text` from one token to another."""
        return self.tokens[first].start, self.tokens[last].end

    def spot(self, found: re.Match[str], group: str | int = 0) -> Span:
        """The piece of `text` that a match in `plain` covers."""
        start, end = found.span(group)
        start += len(found[group]) - len(found[group].lstrip(" "))
        return self.span(self.token_at(start), self.token_at(max(end - 1, start)))

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
        return self._folds.get(index, "")

    @cached_property
    def _folds(self) -> dict[int, str]:
        return {index: token.fold for index, token in enumerate(self.tokens)}


def adjacent(reading: Reading, index: int) -> bool:
    """True when nothing stands between a token and the next one."""
    if not 0 <= index < len(reading.tokens) - 1:
        return False
    return reading.tokens[index].end == reading.tokens[index + 1].start


def read(text: str) -> Reading:
    """Tokenise what the operator typed.

    Raises:
        InputTextRequired: blank, Unicode spaces and invisible characters included.
        ValidationFailed: more than MAX_TEXT characters or MAX_TOKENS words and signs.
    """
    if len(text) > MAX_TEXT:
        raise _too_long(len(text), MAX_TEXT, "characters")
    clean = tidy(text)
    if not clean.said:
        raise InputTextRequired
    tokens = tuple(islice(_tokens(clean.text, _quotes(clean.text)), MAX_TOKENS + 1))
    if len(tokens) > MAX_TOKENS:
        raise _too_long(f"more than {MAX_TOKENS}", MAX_TOKENS, "words and signs")
    return Reading(clean, tokens, _language(tokens))


def _too_long(count: int | str, most: int, units: str) -> ValidationFailed:
    message = f"input_text has {count} {units}; {most} are allowed."
    return ValidationFailed(message, errors=[{"pointer": "/input_text", "message": message}])


def part_of(reading: Reading, start: int, end: int) -> Reading:
    """A piece of the text read by itself; its characters keep their places."""
    clean = reading.clean
    text, starts, ends = clean.text[start:end], clean.starts[start:end], clean.ends[start:end]
    tokens = tuple(_tokens(text, _quotes(text)))
    return Reading(Tidy(text, text, starts, ends), tokens, reading.language)


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
