"""A handler that says 100,000 lines as fast as it is heard, each with the moment of its saying."""

import sys
import time

from aiohttp import web

from cli.supervisor.ports import HOST

LINES, WIDTH = 100_000, 100
# How many lines go into one chunk: what a busy handler has ready at once.
_AT_ONCE = 20


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


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.post("/intents", _say)])
    web.run_app(app, host=HOST, port=int(sys.argv[1]), print=None, access_log=None)
