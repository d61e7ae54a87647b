"""What is no HTTP, or HTTP that two readers could read differently: refused once, then silence."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from api.crowd import SPARE
from api.gate import MAX_HEAD_BYTES, MAX_HEADERS
from api.limits import Limits
from tests.api.world import World
from tests.hostile.sockets import Opened, answer_to, post, served

pytestmark = pytest.mark.timed

GET = b"GET /healthz HTTP/1.1\r\nHost: onebox\r\n"
SECOND = b"GET /metrics HTTP/1.1\r\nHost: onebox\r\n\r\n"
PLAN = "/onebox/plan"
CHUNKED = "Transfer-Encoding: chunked"
BODY = b'{"input_text": "Apply to job 42"}'
TWO_WAYS: dict[str, bytes] = {
    "length and chunks": post(PLAN, "{token}", "Content-Length: 5", CHUNKED) + b"0\r\n\r\n",
    "chunks and length": post(PLAN, "{token}", CHUNKED, "Content-Length: 5") + b"0\r\n\r\n",
    "two lengths": post(PLAN, "{token}", "Content-Length: 33", "Content-Length: 5") + BODY,
    "a signed length": post(PLAN, "{token}", "Content-Length: +33") + BODY,
    "a negative length": post(PLAN, "{token}", "Content-Length: -1") + BODY,
    "a length of 400 digits": post(PLAN, "{token}", f"Content-Length: {'9' * 400}"),
    "full-width digits": post(PLAN, "{token}", "Content-Length: \uff13\uff13") + BODY,
    "chunks called otherwise": post(PLAN, "{token}", "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
    "gzip, chunked": post(PLAN, "{token}", "Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    "a blank before the colon": post(PLAN, "{token}", "Transfer-Encoding : chunked") + b"0\r\n\r\n",
    "a chunk size in words": post(PLAN, "{token}", CHUNKED) + b"ten\r\n",
    "a chunk size of C": post(PLAN, "{token}", CHUNKED) + b"0x21\r\n" + BODY,
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: other\r\n\r\n",
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\nHost: onebox\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": b"GET /healthz HTTP/9.9\r\nHost: onebox\r\n\r\n",
    "NUL in a header": GET + b"X: a\x00b\r\n\r\n",
    "NUL in the path": b"GET /onebox/runs/\x00/lines HTTP/1.1\r\nHost: onebox\r\n\r\n",
    "bytes in the path": b"GET /onebox/runs/\xc3\xbc/lines HTTP/1.1\r\nHost: onebox\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303") + bytes(160),
    "every byte": bytes(range(256)) * 20,
}


@pytest.fixture(scope="module")
async def port(shared: World) -> AsyncIterator[int]:
    """A real uvicorn."""
    async with served(shared.app) as found:
        yield found


def told(said: bytes) -> tuple[int, str]:
    """Status and code of the only answer, which ends the connection."""
    assert len(re.findall(rb"HTTP/1\.1 [0-9]{3} ", said)) == 1, said
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])["code"]


@pytest.mark.parametrize("name", TWO_WAYS)
async def test_what_could_be_read_in_two_ways_is_read_in_none(
    shared: World, port: int, name: str
) -> None:
    """400 and the line goes dead: the request that follows is nobody's."""
    request = TWO_WAYS[name].replace(b"{token}", shared.tokens["operator"].encode())
    assert told(await answer_to(port, [request + SECOND])) == (400, "REQUEST_INVALID")


@pytest.mark.parametrize(
    "more",
    [b"a: b\r\n" * MAX_HEADERS, b"a: " + b"b" * MAX_HEAD_BYTES + b"\r\n"],
    ids=["101 fields", "16 KiB"],
)
async def test_a_head_has_an_end(port: int, more: bytes) -> None:
    """Also when all of it comes at once."""
    said = await answer_to(port, [GET + more + b"\r\n" + SECOND])
    assert told(said) == (431, "HEADERS_TOO_LARGE")


async def test_a_target_is_part_of_the_head(port: int) -> None:
    """A query of 16 KiB is no query."""
    target = b"GET /healthz?" + b"a" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: onebox\r\n\r\n"
    assert told(await answer_to(port, [target])) == (431, "HEADERS_TOO_LARGE")


async def test_a_hundred_fields_are_served(port: int) -> None:
    """The limit itself is allowed."""
    more = b"a: b\r\n" * (MAX_HEADERS - 2) + b"Connection: close\r\n\r\n"
    assert (await answer_to(port, [GET + more])).startswith(b"HTTP/1.1 200 ")


async def test_what_is_pipelined_is_answered_in_order(shared: World, port: int) -> None:
    """Honest pipelining works: each answer to its own request."""
    plan = post(PLAN, shared.tokens["operator"], f"Content-Length: {len(BODY)}") + BODY
    said = await answer_to(port, [GET + b"\r\n" + plan + GET + b"Connection: close\r\n\r\n"])
    assert [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]] == [200, 200, 200]
    assert said.index(b'"ok":true') < said.index(b"plan_id") < said.rindex(b'"ok":true')


async def test_an_address_has_so_many_connections(world: World) -> None:
    """One more is told 429 and when to come back; when one has gone there is room again."""
    limits = Limits(connections=100, per_address=3)
    async with served(world.app, limits) as port, Opened(port, 3) as opened:
        said = await answer_to(port, [GET + b"\r\n"])
        assert told(said) == (429, "TOO_MANY_CONNECTIONS")
        assert b"retry-after: " in said.lower()
        await opened.close_one()
        said = await answer_to(port, [GET + b"Connection: close\r\n\r\n"])
        assert said.startswith(b"HTTP/1.1 200 ")


async def test_all_together_have_so_many_connections(world: World) -> None:
    """503 names the part; who comes when even those who are told fill the room is hung up on."""
    async with served(world.app, Limits(connections=3)) as port:
        async with Opened(port, 3):
            said = await answer_to(port, [GET + b"\r\n"])
            assert told(said) == (503, "SERVER_BUSY")
            assert b'"part":"api"' in said
        async with Opened(port, 3 + SPARE):
            with suppress(ConnectionError):
                assert await answer_to(port, [GET + b"\r\n"], pause=0.2) == b""
        assert (await answer_to(port, [GET + b"Connection: close\r\n\r\n"])).startswith(
            b"HTTP/1.1 200 "
        )
