"""Slow and half-sent requests over real sockets: closed in time, while honest ones are served."""

import asyncio
import time

import httpx
import pytest
from sqlalchemy import func, select

from api.gate import BODY_SECONDS as ANSWER_SECONDS
from api.protocol import BODY_SECONDS, HEADER_SECONDS
from store.tables import PlanRow
from tests.api.world import World
from tests.hostile.sockets import HOST, Slow, answer_to, post, served, until_closed

pytestmark = pytest.mark.timed

ALL_CLOSED_SECONDS = 15.0
EACH = 10
SENTENCE = b'{"input_text": "Apply to job 42"}'
GET = b"GET /healthz HTTP/1.1\r\nHost: onebox\r\n\r\n"


def slow_ones(token: str) -> dict[str, Slow]:
    """Every way to keep a connection busy with nothing."""
    plan = "/onebox/plan"
    long, chunked = "Content-Length: 100000", "Transfer-Encoding: chunked"
    return {
        "silent": Slow(),
        "half a request line": Slow(b"POST /onebox/pl"),
        "request line, letter by letter": Slow(b"GET /", b"a"),
        "empty lines": Slow(b"", b"\r\n"),
        "headers without end": Slow(b"GET / HTTP/1.1\r\nHost: x\r\n", b"a: b\r\n"),
        "a header without end": Slow(b"GET / HTTP/1.1\r\nHost: x\r\na: ", b"b"),
        "half a header": Slow(b"GET / HTTP/1.1\r\nHo"),
        "no body": Slow(post(plan, token, long)),
        "half a body": Slow(post(plan, token, long) + b'{"input_text": '),
        "a body, byte by byte": Slow(post(plan, token, long), b" "),
        "chunks, byte by byte": Slow(post(plan, token, chunked), b"1\r\n \r\n"),
        "half a chunk size": Slow(post(plan, token, chunked) + b"1"),
        "no last chunk": Slow(post(plan, token, chunked) + b"2\r\n{}\r\n"),
        "a body after 100 Continue": Slow(post(plan, token, long, "Expect: 100-continue")),
        "a stranger's body": Slow(post(plan, "obx_nobody", long), b" "),
        "a body of 1 GB": Slow(post(plan, token, "Content-Length: 1000000000"), b" " * 1000),
        "a second request": Slow(GET, b"G", answered=True),
        "nothing after the first": Slow(GET, answered=True),
        "pipelined and half": Slow(GET + b"GET /heal"),
    }


async def test_slow_ones_are_hung_up_on_while_honest_ones_are_served(world: World) -> None:
    """Each way ten times at once: all closed within 15 s; honest answers take under two seconds.

    Who sends half a body is told so before the line goes dead.
    """
    async with served(world.app) as port:
        ways = slow_ones(world.tokens["operator"])
        jobs = [
            until_closed(port, slow, ALL_CLOSED_SECONDS)
            for slow in ways.values()
            for _ in range(EACH)
        ]
        honest = asyncio.create_task(honest_seconds(world, port))
        ended = await asyncio.gather(*jobs)
        honest.cancel()
        took = await honest
    assert max(end.seconds for end in ended) < ALL_CLOSED_SECONDS
    told = dict(zip((name for name in ways for _ in range(EACH)), ended, strict=True))[
        "half a body"
    ]
    assert told.said.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in told.said.lower()
    assert b"BODY_INVALID" in told.said
    assert len(took) > 50
    assert sorted(took)[int(len(took) * 0.99)] < 2.0


async def honest_seconds(world: World, port: int) -> list[float]:
    """How long honest requests take until this is cancelled."""
    took: list[float] = []
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False) as http:
        try:
            while True:
                began = time.monotonic()
                auth = world.auth("operator")
                assert (await http.get("/onebox/confirmations", headers=auth)).status_code == 200
                took.append(time.monotonic() - began)
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            return took


def test_the_limits_fit_into_the_promise() -> None:
    """The answer to a slow body goes out before the line goes dead."""
    assert ANSWER_SECONDS < BODY_SECONDS
    assert HEADER_SECONDS + BODY_SECONDS <= ALL_CLOSED_SECONDS


async def test_an_honest_request_in_pieces_is_served(world: World) -> None:
    """Slow is not hostile: a request that comes in parts within the limits is answered."""
    head = post(
        "/onebox/plan",
        world.tokens["operator"],
        f"Content-Length: {len(SENTENCE)}",
        "Connection: close",
    )
    parts = [head[:20], head[20:90], head[90:], SENTENCE[:10], SENTENCE[10:]]
    async with served(world.app) as port:
        said = await answer_to(port, parts, pause=0.4)
    assert said.startswith(b"HTTP/1.1 200 ")


async def test_a_request_whose_sender_left_is_no_request(world: World) -> None:
    """What came is a whole JSON text, but more was announced: nothing is planned."""
    head = post("/onebox/plan", world.tokens["operator"], "Content-Length: 100")
    async with served(world.app) as port:
        _, writer = await asyncio.open_connection(HOST, port)
        writer.write(head + SENTENCE)
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.5)
    async with world.deps.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(PlanRow)) == 0
