"""JSON as every party reads it the same way: strict, bounded, never a recursion error."""

import json
import re
from typing import Any, NoReturn

from onebox.errors import BodyInvalid

MAX_DEPTH = 64
MAX_NODES = 10_000
MAX_INT = 2**53 - 1
_MAX_INT_DIGITS = len(str(MAX_INT))
# Floats from here on are written with an exponent (ECMAScript): no reader takes them for integers.
_EXPONENT_FROM = 1e21
_LONE = re.compile(r"[\ud800-\udfff]")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]|[,:]', re.DOTALL)


def loads_strict(data: bytes, *, max_nodes: int = MAX_NODES) -> Any:
    """The JSON value of `data`.

    Args:
        data: UTF-8 without byte order mark.
        max_nodes: values and member names allowed in all.

    Raises:
        BodyInvalid: other encodings, duplicate names, NaN and infinities, lone surrogates,
            NUL in names or text, depth over 64, too many nodes, integers beyond 2^53 - 1
            (floats that canonical form writes as such, too), numbers that overflow, and
            anything after the value.
    """
    text = _decode(data)
    _bound(data, max_nodes)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise BodyInvalid(f"Not JSON: {error.msg} at character {error.pos}.") from error
    _refuse_odd_text(text, value)
    return value


def _decode(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise BodyInvalid("The body starts with a byte order mark.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BodyInvalid(f"The body is not UTF-8 at byte {error.start}.") from error


def _bound(data: bytes, max_nodes: int) -> None:
    """Counts before parsing, in one pass, so that no depth reaches the parser's stack."""
    depth = nodes = 0
    for found in _TOKEN.finditer(data):
        mark = found[0][:1]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        elif mark in b",:":
            nodes += 1
        if depth > MAX_DEPTH:
            raise BodyInvalid(f"The body is nested deeper than {MAX_DEPTH} levels.")
        if nodes > max_nodes:
            raise BodyInvalid(f"The body has more than {max_nodes} values.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BodyInvalid(f"The name {twice[:60]!r} appears twice in one object.")
    return found


def _constant(name: str) -> NoReturn:
    raise BodyInvalid(f"{name} is not JSON.")


def _integer(digits: str) -> int:
    # The length comes first: Python refuses (or slowly reads) integers of many digits.
    if len(digits.lstrip("-")) > _MAX_INT_DIGITS or abs(int(digits)) > MAX_INT:
        raise BodyInvalid(f"The integer {digits[:30]} is beyond 2^53 - 1; send it as text.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise BodyInvalid(f"The number {digits[:30]} is too large.")
    if MAX_INT < abs(number) < _EXPONENT_FROM:
        raise BodyInvalid(f"The number {digits[:30]} is beyond 2^53 - 1; send it as text.")
    return number


def _refuse_odd_text(text: str, value: Any) -> None:
    """Surrogates and NUL can only come from escapes (UTF-8 holds no surrogate)."""
    if "\\u" not in text and "\x00" not in text:
        return
    open_values = [value]
    while open_values:
        item = open_values.pop()
        if isinstance(item, dict):
            open_values += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            open_values += item
        elif isinstance(item, str):
            _refuse_odd_string(item)


def _refuse_odd_string(text: str) -> None:
    if _LONE.search(text):
        raise BodyInvalid("A text holds a lone surrogate.")
    if "\x00" in text:
        raise BodyInvalid("A text holds the character NUL.")
