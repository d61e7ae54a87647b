"""A real uvicorn on loopback as `onebox api` runs it, and clients that write raw bytes."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

import uvicorn
from fastapi import FastAPI

from api.limits import Limits
from cli.commands.serving import http_options

HOST = "127.0.0.1"
ROOMY = Limits(connections=2000)
_PACE_SECONDS = 0.25


@asynccontextmanager
async def served(app: FastAPI, limits: Limits = ROOMY) -> AsyncIterator[int]:
    """Serve with the product's options; yields the port."""
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, **http_options(HOST, port, limits)))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        yield port
        server.should_exit = True
        await task


class Opened:
    """So many connections that say nothing, for the length of a block."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        """Open them, and give the server a moment to notice."""
        for _ in range(self._count):
            self._writers.append((await asyncio.open_connection(HOST, self._port))[1])
        await asyncio.sleep(_PACE_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what is still open."""
        while self._writers:
            await self.close_one()

    async def close_one(self) -> None:
        """Close one, and give the server a moment to notice."""
        writer = self._writers.pop()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        await asyncio.sleep(_PACE_SECONDS if len(self._writers) < 3 else 0)


@dataclass(frozen=True)
class Slow:
    """Says `first`, waits for an answer if told so, then `drip` again and again."""

    first: bytes = b""
    drip: bytes = b""
    answered: bool = False


@dataclass
class Ended:
    """What a slow client got, and after how many seconds its connection was closed."""

    seconds: float
    said: bytes = field(repr=False)


async def until_closed(port: int, slow: Slow, patience: float) -> Ended:
    """Be slow until the server hangs up; more than `patience` seconds raise TimeoutError."""
    reader, writer = await asyncio.open_connection(HOST, port)
    began = time.monotonic()
    writer.write(slow.first)
    said = await reader.read(65_536) if slow.answered else b""
    dripping = asyncio.create_task(_drip(writer, slow.drip))
    try:
        async with asyncio.timeout(patience):
            with suppress(ConnectionError):
                said += await reader.read()
    finally:
        dripping.cancel()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    return Ended(time.monotonic() - began, said)


async def _drip(writer: asyncio.StreamWriter, drip: bytes) -> None:
    with suppress(ConnectionError):
        while drip:
            writer.write(drip)
            await writer.drain()
            await asyncio.sleep(_PACE_SECONDS)


async def answer_to(port: int, parts: Sequence[bytes], pause: float = 0.0) -> bytes:
    """All that comes back for these bytes, written with pauses between them."""
    reader, writer = await asyncio.open_connection(HOST, port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause)
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    return said


def post(path: str, token: str, *headers: str) -> bytes:
    """The head of a POST that says it is JSON."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: onebox",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"
