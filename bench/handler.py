"""A handler that says 100,000 lines as fast as it is heard, each with the moment of its saying."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientConnectionError, ClientSession, web

from cli.supervisor.ports import HOST

LINES, WIDTH = 100_000, 100
# How many lines go into one chunk: what a busy handler has ready at once.
_AT_ONCE = 20
_TRIES, _PAUSE_SECONDS = 100, 0.1


def stamp_of(line: bytes) -> float:
    """When the line was said, unix seconds."""
    return float(line.split(b" ", 1)[0])


async def _say(request: web.Request) -> web.StreamResponse:
    await request.read()
    key = request.headers.get("Idempotency-Key", "dry:bench")
    answer = web.StreamResponse(headers={"Content-Type": "text/plain", "Intent-Key": key})
    await answer.prepare(request)
    for first in range(0, LINES, _AT_ONCE):
        now = time.time()
        await answer.write(
            b"".join(_line(now, number) for number in range(first, first + _AT_ONCE))
        )
    await answer.write_eof()
    return answer


def _line(now: float, number: int) -> bytes:
    return f"{now:.6f} {number:07d} ".encode().ljust(WIDTH - 1, b".") + b"\n"


async def _ready(_: web.Request) -> web.Response:
    return web.Response()


@asynccontextmanager
async def served(port: int) -> AsyncIterator[str]:
    """The handler in a process of its own; its URL."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.handler", str(port))
    try:
        url = f"http://{HOST}:{port}"
        await _answers(url)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    async with ClientSession() as http:
        for _ in range(_TRIES):
            try:
                async with http.get(f"{url}/healthz"):
                    return
            except ClientConnectionError:
                await asyncio.sleep(_PAUSE_SECONDS)
    raise RuntimeError("the handler of lines does not answer")


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.post("/intents", _say), web.get("/healthz", _ready)])
    web.run_app(app, host=HOST, port=int(sys.argv[1]), print=None, access_log=None)
