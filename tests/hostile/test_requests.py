"""Raw requests against a running API: each has its answer, of one size, and nobody waits for it."""

import io
import json
import re
from collections.abc import AsyncIterator

import pytest

from tests.api.runs import a_run
from tests.api.world import World
from tests.hostile.requests import BODIES, FRAMES, TARGETS, get, post
from tests.hostile.sockets import answer_to, served

# An answer is about the request; it does not repeat what may be 256 KiB.
MOST_BYTES = 30_000


@pytest.fixture(scope="module")
async def port(shared: World) -> AsyncIterator[int]:
    """A real uvicorn."""
    async with served(shared.app) as found:
        yield found


@pytest.fixture(scope="module")
async def run(shared: World) -> bytes:
    """A run of acme's."""
    return (await a_run(shared)).encode()


@pytest.mark.parametrize("table", [FRAMES, TARGETS, BODIES], ids=["frames", "targets", "bodies"])
async def test_each_request_gets_its_answer(
    shared: World, port: int, run: bytes, table: dict[int, list[bytes]]
) -> None:
    """The status that the table says; a problem has code and trace, and repeats no request."""
    token = shared.tokens["operator"].encode()
    wrong = []
    for expected, requests in table.items():
        for request in requests:
            whole = request.replace(b"{run}", run).replace(b"{token}", token)
            said = await answer_to(port, [whole])
            if (why := fault(said, expected)) is not None:
                wrong.append((expected, why, request[:90], request[-60:]))
    assert wrong == []


def fault(said: bytes, expected: int) -> str | None:
    """What is wrong with an answer, None when nothing is."""
    found = [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-5][0-9]{2}) ", said)]
    if found != [expected]:
        return str(found)
    head, _, body = said.partition(b"\r\n\r\n")
    if len(body) > MOST_BYTES and expected >= 400:
        return f"{len(body)} bytes"
    if expected < 400:
        return None
    problem = json.loads(body)
    kept = b"application/problem+json" in head and problem["status"] == expected
    return None if kept and problem["code"] and problem["trace_id"] else body.decode()


def misplaced(token: bytes) -> dict[str, bytes]:
    """A token where no token belongs."""
    plan_id = b'{"plan_id": "%b", "approvals": ["%b"]}' % (b"a" * 64, token)
    return {
        "as a method": get(b"/healthz", method=token),
        "quoted twice in a path": get(b"/onebox/runs/" + token.replace(b"_", b"%255f", 1)),
        "quoted thrice in a path": get(b"/" + token.replace(b"o", b"%25256f", 1)),
        "as a name": post(b'{"%b": 1}' % token),
        "as a name inside": post(b'{"meta": {"%b": 1}}' % token),
        "as a name twice": post(b'{"%b": 1, "%b": 2}' % (token, token)),
        "as a user": post(b'{"input_text": "x", "meta": {"userId": "%b"}}' % token),
        "as an approval": post(plan_id, path=b"/onebox/execute"),
        "before the host": get(b"http://" + token + b"@onebox/healthz"),
        "in a chunk's extension": post(b"{}").replace(b"Content-Length: 2", b"X: " + token),
    }


async def test_a_token_in_the_wrong_place_is_not_repeated(
    shared: World, port: int, log: io.StringIO
) -> None:
    """Neither by an answer nor by a log, also where a parser has named it."""
    token = shared.tokens["operator"].encode()
    for name, request in misplaced(token).items():
        said = await answer_to(port, [request.replace(b"{token}", token)])
        assert token.removeprefix(b"obx_") not in said, name
    assert log.getvalue()
    assert token.decode().removeprefix("obx_") not in log.getvalue()


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (413, post(b" " * 3_000_000)),
        (
            413,
            post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"2dc6c0\r\n",
        ),
        (400, get(b"/healthz", b"\r\nX: " + b"a" * 3_000_000)),
        (400, b"\0" * 3_000_000),
    ],
    ids=["a body", "a chunk", "a header", "no HTTP"],
)
async def test_an_answer_arrives_though_the_request_has_not_ended(
    shared: World, port: int, status: int, request_: bytes
) -> None:
    """Who is refused in the middle of a request is told so: no reset overtakes the answer."""
    token = shared.tokens["operator"].encode()
    said = await answer_to(port, [request_.replace(b"{token}", token) + b" " * 3_000_000])
    assert fault(said, status) is None
