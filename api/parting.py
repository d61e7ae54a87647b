"""Hanging up so that the last answer arrives."""

import asyncio
from collections.abc import Callable
from typing import Any

LINGER_SECONDS = 2.0


class Parting:
    """A transport that ends its side first while the other side may still be writing.

    A socket that is closed over unread bytes is reset, and a reset overtakes the answer: who
    sends a body that is refused would never learn why. What comes meanwhile is nobody's.
    """

    def __init__(self, transport: asyncio.Transport, unread: Callable[[], bool]) -> None:
        self._transport = transport
        self._unread = unread
        self._end: asyncio.TimerHandle | None = None

    def __getattr__(self, name: str) -> Any:
        """All else is the transport's own."""
        return getattr(self._transport, name)

    @property
    def parted(self) -> bool:
        """True once our side has ended: nothing more is read."""
        return self._end is not None

    def is_closing(self) -> bool:
        """True when nothing more may be written."""
        return self.parted or self._transport.is_closing()

    def close(self) -> None:
        """End our side now; the rest when the other side has ended, or soon."""
        if self.is_closing() or not (self._transport.can_write_eof() and self._unread()):
            self.hang_up()
            return
        self._transport.write_eof()
        self._transport.resume_reading()
        self._end = asyncio.get_running_loop().call_later(LINGER_SECONDS, self.hang_up)

    def hang_up(self) -> None:
        """Close both sides at once."""
        if self._end is not None:
            self._end.cancel()
        self._transport.close()
