"""An ICS on a socket of its own that says what a test wants, chunk by chunk, and misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

import httpx

from activities.ics_client import IcsClient
from onebox.models import Json

IDLE_SECONDS = 1.0
TOKEN = "service-token-of-raw-ics"
End = Literal["whole", "drop", "stall"]


@dataclass(frozen=True)
class Play:
    """One stream: each part is one HTTP chunk, then it ends, is cut, or falls silent."""

    parts: Sequence[bytes]
    end: End = "whole"
    outcome: str = "executed"
    more: Json = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """All that it says."""
        return b"".join(self.parts)


@dataclass
class RawIcs:
    """Each `POST /intents` plays the next of `plays` (the last again and again).

    `status` replaces the whole HTTP answer about a key, said a byte every `trickle` seconds;
    `answer` the one to a POST, which a `drip` follows ten times a second, for ever. Where all
    is `known`, a key has its outcome before it was called.
    """

    contract_json: Json
    plays: list[Play]
    status: bytes | None = None
    answer: bytes | None = None
    drip: bytes = b""
    trickle: float = 0.0
    known: bool = False
    heads: list[bytes] = field(default_factory=list)
    posts: list[Json] = field(default_factory=list)
    port: int = 0
    _last: Play | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            body = await reader.readexactly(_length(head))
            await self._answer(head.split(b" ")[1].decode(), head, body, writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(
        self, path: str, head: bytes, body: bytes, writer: asyncio.StreamWriter
    ) -> None:
        if path == "/contract":
            writer.write(http_json(self.contract_json))
        elif path == "/intents":
            self.posts.append(json.loads(body))
            await (self._play if self.answer is None else self._misplay)(_key(head), writer)
        else:
            key = path.removeprefix("/intents/").removesuffix("/fence")
            known = http_json(self._outcome(key)) if self.status is None else self.status
            await _said(known, self.trickle, writer)

    async def _misplay(self, key: str, writer: asyncio.StreamWriter) -> None:
        self._last = self.plays[0]
        writer.write((self.answer or b"").replace(b"{key}", key.encode()))
        while self.drip and not self._over.is_set():
            writer.write(self.drip)
            await writer.drain()
            await asyncio.sleep(0.1)

    def _outcome(self, key: str) -> Json:
        play = self.plays[0] if self.known else self._last
        outcome = "unknown_key" if play is None else play.outcome
        return {"key": key, "outcome": outcome, **(play.more if play else {})}

    async def _play(self, key: str, writer: asyncio.StreamWriter) -> None:
        play = self._last = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
        writer.write(_STREAM_HEAD + f"Intent-Key: {key}\r\n\r\n".encode())
        for part in play.parts:
            if part:
                writer.write(b"%x\r\n%b\r\n" % (len(part), part))
                await writer.drain()
        if play.end == "stall":
            await self._over.wait()
        elif play.end == "whole":
            writer.write(b"0\r\n\r\n")

    @asynccontextmanager
    async def open(
        self, idle: float = IDLE_SECONDS, whole: float = 5.0
    ) -> AsyncIterator[IcsClient]:
        """Serve on loopback; yields the product's client with short limits, in seconds."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                url = f"http://127.0.0.1:{self.port}"
                yield IcsClient(url, TOKEN, http, idle_seconds=idle, whole_seconds=whole)
        finally:
            self._over.set()
            server.close()
        await server.wait_closed()


_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: close\r\n"
)


async def _said(content: bytes, pause: float, writer: asyncio.StreamWriter) -> None:
    for part in [bytes([byte]) for byte in content] if pause else [content]:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause)


def http_json(value: object) -> bytes:
    """A 200 with this JSON."""
    return http_bytes(json.dumps(value).encode())


def http_bytes(body: bytes, status: str = "200 OK") -> bytes:
    """An answer with these bytes, called JSON."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\nConnection: close\r\n\r\n" + body


def _length(head: bytes) -> int:
    return int(_header(head, b"content-length") or 0)


def _key(head: bytes) -> str:
    return (_header(head, b"idempotency-key") or b"dry:1").decode()


def _header(head: bytes, name: bytes) -> bytes | None:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name + b":"):
            return line.split(b":", 1)[1].strip()
    return None
