"""A handler's bytes become stored lines: split at newlines only, kept verbatim, once."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import NamedTuple

from onebox.errors import OneBoxError

Line = tuple[bytes, bool]
Append = Callable[[int, Sequence[Line]], Awaitable[None]]

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 1_000_000
# Chunks read ahead while the store is busy; a handler that is faster waits.
_AHEAD = 256


class OutputLimit(OneBoxError):  # noqa: N818 - named for its code
    """The handler sent more than a step may."""

    code, http_status = "HANDLER_OUTPUT_LIMIT", 502


class Rest(NamedTuple):
    """Lines of a phase that are not stored yet, and the index of the first of them."""

    first: int
    lines: Sequence[Line]


NOTHING = Rest(0, ())


class Splitter:
    """Cuts a byte stream at newlines; a carriage return or any other byte stays in its line."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that this chunk completes."""
        head, *rest = chunk.split(b"\n")
        self._parts.append(head)
        if not rest:
            return []
        first = b"".join(self._parts)
        self._parts = [rest[-1]]
        return [(line, True) for line in (first, *rest[:-1])]

    def end(self) -> list[Line]:
        """What came after the last newline, if anything did."""
        tail = b"".join(self._parts)
        self._parts = []
        return [(tail, False)] if tail else []


class Transcript:
    """One phase of one step, continued where an earlier attempt left it.

    A handler that is asked again repeats itself from its first byte: what is stored already
    is passed over as long as it is the same; from the first difference on all is kept.

    Args:
        stored: the lines of this phase that are there.
        append: stores further ones.
        linger: seconds for which lines may be gathered, so that a short stream costs no
            transaction of its own: what ends it is kept back as `rest`, for the transaction
            of its result. With 0 each line is stored as it comes.
    """

    def __init__(self, stored: list[Line], append: Append, linger: float = 0.0) -> None:
        self._repeat: _Repeat | None = _Repeat(b"".join(map(raw, stored)))
        self._next = len(stored)
        self._append = append
        self._linger = linger
        self.rest = NOTHING
        self._hash = hashlib.sha256(b"".join(map(raw, stored)))
        self._size = sum(len(raw(line)) for line in stored)

    @property
    def count(self) -> int:
        """How many lines of this phase are stored, the rest included."""
        return self._next

    @property
    def sha256(self) -> str:
        """Hex digest of their bytes."""
        return self._hash.hexdigest()

    async def copy(self, chunks: AsyncIterator[bytes]) -> None:
        """Store every line of a stream that ends properly, but for `rest` where one is kept.

        What follows the last newline counts only then: a broken stream is asked for again,
        and repeats it whole.

        Raises:
            OutputLimit: the stream is longer than a step may be; what came is stored.
        """
        splitter, came = Splitter(), 0
        async with aclosing(_gathered(chunks, self._linger)) as batches:
            async for batch in batches:
                came += len(batch.content)
                await self._hear(splitter.feed(batch.content), keep_back=batch.last)
                if max(came, self._size) > MAX_BYTES or self._next > MAX_LINES:
                    await self.flush()
                    raise OutputLimit(f"over {MAX_BYTES} bytes or {MAX_LINES} lines")
        await self._hear(splitter.end(), keep_back=True)

    async def keep(self, lines: list[Line]) -> None:
        """Store those lines, or ends of lines, that are not a repeat."""
        await self._hear(lines, keep_back=False)

    async def flush(self) -> None:
        """Store the rest after all: there is no result whose transaction could."""
        rest, self.rest = self.rest, NOTHING
        if rest.lines:
            await self._append(rest.first, rest.lines)

    async def _hear(self, lines: list[Line], *, keep_back: bool) -> None:
        fresh = [part for line in lines if (part := self._unseen(line)) is not None]
        content = b"".join(map(raw, fresh))
        self.rest = Rest(self._next - len(self.rest.lines), [*self.rest.lines, *fresh])
        self._next += len(fresh)
        self._size += len(content)
        self._hash.update(content)
        if not (keep_back and self._linger):
            await self.flush()

    def _unseen(self, line: Line) -> Line | None:
        if self._repeat is None:
            return line
        known = self._repeat.known(raw(line))
        if known is None:
            self._repeat = None
            return line
        return (line[0][known:], line[1]) if known < len(raw(line)) else None


class _Repeat:
    """The stored bytes, while a stream says them again."""

    def __init__(self, stored: bytes) -> None:
        self._stored = stored
        self._at = 0

    def known(self, content: bytes) -> int | None:
        """How many bytes are stored already; None: they are others.

        Only a stored line without its newline may go on: it was the last of its stream.
        """
        expected = self._stored[self._at : self._at + len(content)]
        if not content.startswith(expected):
            return None
        self._at += len(expected)
        return len(expected)


def raw(line: Line) -> bytes:
    """The bytes of a line as they were sent."""
    return line[0] + b"\n" if line[1] else line[0]


class _Batch(NamedTuple):
    """Bytes that were gathered; `last` when their stream ended properly with them."""

    content: bytes
    last: bool


async def _gathered(chunks: AsyncIterator[bytes], linger: float) -> AsyncGenerator[_Batch]:
    """All that came while the last batch was stored: a chunk must not cost a transaction.

    The first batch is what comes within `linger` seconds.
    """
    queue: asyncio.Queue[bytes] = asyncio.Queue(_AHEAD)
    news = asyncio.Event()

    async def pump() -> None:
        async for chunk in chunks:
            await queue.put(chunk)
            news.set()

    task = asyncio.create_task(pump())
    task.add_done_callback(lambda _: news.set())
    try:
        if linger:
            await asyncio.wait([task], timeout=linger)
        while not (task.done() and queue.empty()):
            await news.wait()
            news.clear()
            content = b"".join([queue.get_nowait() for _ in range(queue.qsize())])
            yield _Batch(content, last=task.done() and task.exception() is None)
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
