"""A handler's bytes become stored lines: split at newlines only, kept verbatim, once."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

from onebox.errors import OneBoxError

Line = tuple[bytes, bool]
Append = Callable[[int, list[Line]], Awaitable[None]]

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 1_000_000


class OutputLimit(OneBoxError):  # noqa: N818 - named for its code
    """The handler sent more than a step may."""

    code, http_status = "HANDLER_OUTPUT_LIMIT", 502


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

    A handler that is asked again repeats itself from its first line: what is stored already
    is passed over as long as it is the same; from the first difference on all is kept.
    """

    def __init__(self, stored: list[bytes], append: Append) -> None:
        self._stored = stored
        self._next = len(stored)
        self._repeated = 0
        self._append = append
        self._bytes = 0
        self._hash = hashlib.sha256(b"".join(line + b"\n" for line in stored))

    @property
    def count(self) -> int:
        """How many lines of this phase are stored."""
        return self._next

    @property
    def sha256(self) -> str:
        """Hex digest of the stored lines, each followed by a newline."""
        return self._hash.hexdigest()

    async def copy(self, chunks: AsyncIterator[bytes]) -> None:
        """Store every line of a stream that ends properly.

        The rest after the last newline is stored only then: a broken stream is asked for
        again, and repeats it whole.

        Raises:
            OutputLimit: the stream is longer than a step may be; what came is stored.
        """
        splitter = Splitter()
        async for chunk in chunks:
            await self.keep(splitter.feed(chunk))
            self._bytes += len(chunk)
            if self._bytes > MAX_BYTES or self._next > MAX_LINES:
                raise OutputLimit(f"over {MAX_BYTES} bytes or {MAX_LINES} lines")
        await self.keep(splitter.end())

    async def keep(self, lines: list[Line]) -> None:
        """Store those lines that are not a repeat."""
        fresh = [line for line in lines if not self._is_repeat(line[0])]
        if fresh:
            await self._append(self._next, fresh)
            self._next += len(fresh)
            self._hash.update(b"".join(line + b"\n" for line, _ in fresh))

    def _is_repeat(self, line: bytes) -> bool:
        if self._repeated >= len(self._stored):
            return False
        if self._stored[self._repeated] == line:
            self._repeated += 1
            return True
        self._repeated = len(self._stored)
        return False
