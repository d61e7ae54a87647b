import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebox.errors import BodyInvalid
from onebox.strictjson import MAX_DEPTH, MAX_INT, MAX_NODES, loads_strict

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
leaves = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | texts
values = st.recursive(
    leaves, lambda v: st.lists(v, max_size=4) | st.dictionaries(texts, v, max_size=4), max_leaves=20
)


@given(values, st.booleans())
def test_every_strict_value_is_read_as_json_reads_it(value: Any, escaped: bool) -> None:
    """What other parsers would all read the same way is read that way."""
    data = json.dumps(value, ensure_ascii=escaped).encode()
    assert loads_strict(data) == value


@given(st.binary(max_size=200))
def test_bytes_give_a_value_or_body_invalid(data: bytes) -> None:
    """No input raises anything else."""
    with suppress(BodyInvalid):
        loads_strict(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"amt":"1","amt":"999"}', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
        (b'"\\u0000"', "NUL"),
        (b"9007199254740992", "2^53"),
        (b"-" + b"9" * 10_000, "2^53"),
        (b"1e999", "too large"),
        (b"{} {}", "Extra data"),
        (b"", "Not JSON"),
        (b"\xff", "UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeper"),
        (b"[" * 200_000, "deeper"),
        (b"[" + b"1," * (MAX_NODES + 1) + b"1]", "values"),
    ],
)
def test_what_parsers_disagree_about_is_refused(data: bytes, says: str) -> None:
    """Each refusal is BODY_INVALID with a message that names the fault."""
    with pytest.raises(BodyInvalid, match=says.replace("^", r"\^")):
        loads_strict(data)


def test_brackets_inside_strings_nest_nothing() -> None:
    """Depth is counted outside strings, escapes included."""
    text = '["' + "[" * 100 + '\\"[", "' + "\\\\" + '"]'
    assert loads_strict(text.encode()) == json.loads(text)


def test_the_greatest_depth_and_integer_are_read() -> None:
    """The limits themselves are allowed."""
    assert loads_strict(str(MAX_INT).encode()) == MAX_INT
    assert loads_strict(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
