"""What no route ever sees: bodies too large, too odd, or from nobody."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from api.gate import MAX_BODY_BYTES
from tests.api.world import World

PLAN = b'{"input_text": "Apply to job 42", '
MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  ",
    "cut off": b'{"input_text": "Apply',
    "no JSON": b"input_text=Apply",
    "single quotes": b"{'input_text': 'x'}",
    "trailing comma": b'{"input_text": "x",}',
    "comment": b'{"input_text": "x"} // x',
    "two values": b'{"input_text": "x"} {}',
    "byte order mark": b'\xef\xbb\xbf{"input_text": "x"}',
    "UTF-16": '{"input_text": "x"}'.encode("utf-16"),
    "invalid UTF-8": b'{"input_text": "\xff"}',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "NUL byte": b'{"input_text": "a\x00b"}',
    "NUL escape": rb'{"input_text": "a\u0000b"}',
    "lone surrogate": rb'{"input_text": "\ud800"}',
    "lone surrogate in a name": rb'{"\udfff": 1}',
    "NaN": PLAN + b'"now": NaN}',
    "Infinity": PLAN + b'"now": -Infinity}',
    "float beyond range": PLAN + b'"now": 1e999}',
    "integer beyond 2^53": PLAN + b'"now": 9007199254740993}',
    "4,000 digits": PLAN + b'"now": ' + b"9" * 4000 + b"}",
    "duplicate names": PLAN + b'"input_text": "Stake 10"}',
    "duplicate names inside": PLAN + b'"meta": {"txMode": "direct", "txMode": "raw"}}',
    "depth 65": PLAN + b'"answers": ' + b'{"a":' * 64 + b"1" + b"}" * 64 + b"}",
    "depth 100,000": b"[" * 100_000,
    "too many values": b"[" + b"0," * 20_000 + b"0]",
}
WRONG_SHAPE: dict[str, tuple[str, object, str]] = {
    "null": ("/plan", None, ""),
    "a list": ("/plan", [], ""),
    "a number": ("/plan", 7, ""),
    "unknown field": ("/plan", {"input_text": "x", "prio": 1}, "/prio"),
    "unknown field inside": ("/plan", {"meta": {"admin": True}}, "/meta/admin"),
    "text of another type": ("/plan", {"input_text": 5}, "/input_text"),
    "bad user": ("/plan", {"input_text": "x", "meta": {"userId": "../x"}}, "/meta/userId"),
    "bad trace": ("/plan", {"input_text": "x", "meta": {"traceId": "x"}}, "/meta/traceId"),
    "odd trace": (
        "/plan",
        {"input_text": "x", "meta": {"traceId": "11111111-2222-0333-8444-555555555555"}},
        "/meta/traceId",
    ),
    "bad txMode": ("/plan", {"input_text": "x", "meta": {"txMode": "fax"}}, "/meta/txMode"),
    "bad attachment": (
        "/plan",
        {"input_text": "x", "attachments": [{"name": "a", "size": -1}]},
        "/attachments/0/size",
    ),
    "answers to nothing": ("/plan", {"input_text": "x", "answers": {"reward": "5"}}, "/answers"),
    "neither plan nor id": ("/simulate", {}, ""),
    "plan_id of another form": ("/simulate", {"plan_id": "../etc"}, "/plan_id"),
    "plan without members": ("/simulate", {"plan": {}}, "/plan/plan_id"),
    "unknown field in execute": ("/execute", {"plan_id": "a" * 64, "force": 1}, "/force"),
    "approvals no list": ("/execute", {"plan_id": "a" * 64, "approvals": "all"}, "/approvals"),
    "verdict of another word": (
        f"/confirmations/{'a' * 32}/verdict",
        {"verdict": "yes", "digest": "a" * 64},
        "/verdict",
    ),
    "slash in a name": ("/plan", {"input_text": "x", "a/b~c": 1}, "/a~1b~0c"),
}


def _problem(answer: httpx.Response) -> dict[str, object]:
    body: dict[str, object] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code", "trace_id"} <= set(body)
    assert body["status"] == answer.status_code
    return body


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_json_is_400(world: World, body: bytes) -> None:
    """What two parsers could read differently is refused before any model."""
    answer = await world.raw("/plan", body)
    assert answer.status_code == 400
    assert _problem(answer)["code"] == "BODY_INVALID"


@pytest.mark.parametrize(("path", "body", "pointer"), WRONG_SHAPE.values(), ids=WRONG_SHAPE)
async def test_wrong_shape_is_422_with_a_pointer(
    world: World, path: str, body: object, pointer: str
) -> None:
    """The answer names the place by JSON Pointer."""
    answer = await world.post(path, body)
    assert answer.status_code == 422
    problem = _problem(answer)
    assert problem["code"] == "VALIDATION_ERROR"
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert pointer in [error["pointer"] for error in errors]
    assert all(error["message"] for error in errors)


async def test_a_body_of_exactly_256_kib_is_read(world: World) -> None:
    """The limit itself is allowed: the shape is judged, not the size."""
    body = b'{"x": "' + b"a" * (MAX_BODY_BYTES - 9) + b'"}'
    assert len(body) == MAX_BODY_BYTES
    assert (await world.raw("/plan", body)).status_code == 422


async def test_one_byte_more_is_413(world: World) -> None:
    """With a declared length it is refused unread."""
    answer = await world.raw("/plan", b" " * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert _problem(answer)["code"] == "BODY_TOO_LARGE"


async def test_a_chunked_body_is_counted(world: World) -> None:
    """Without a declared length the bytes count as they come."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 65_536

    headers = {**world.auth("operator"), "Content-Type": "application/json"}
    answer = await world.http.post("/onebox/plan", content=chunks(), headers=headers)
    assert answer.status_code == 413


async def test_json_without_a_content_type_is_read(world: World) -> None:
    """A missing Content-Type is no reason to refuse JSON; another one is."""
    body = json.dumps({"plan_id": "a" * 64}).encode()
    auth = world.auth("operator")
    silent = await world.http.post("/onebox/simulate", content=body, headers=auth)
    assert silent.json()["code"] == "PLAN_NOT_FOUND"
    form = {**auth, "Content-Type": "application/x-www-form-urlencoded"}
    other = await world.http.post("/onebox/simulate", content=body, headers=form)
    assert (other.status_code, other.json()["code"]) == (400, "BODY_INVALID")


async def test_unknown_paths_and_methods_are_problems(world: World) -> None:
    """The router's own refusals have our shape."""
    missing = await world.get("/nope")
    assert (missing.status_code, _problem(missing)["code"]) == (404, "NOT_FOUND")
    verb = await world.get("/plan")
    assert (verb.status_code, _problem(verb)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert verb.headers["Allow"] == "POST"


async def test_the_request_id_is_echoed(world: World) -> None:
    """A sane one comes back; an odd one is replaced, never echoed into a header or log."""
    sane = await world.http.get("/healthz", headers={"X-Request-Id": "abc-1"})
    assert sane.headers["X-Request-Id"] == "abc-1"
    odd = await world.http.get("/healthz", headers={"X-Request-Id": "a b"})
    assert odd.headers["X-Request-Id"] not in {"", "a b"}
