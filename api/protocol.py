"""uvicorn's HTTP protocol with the deadlines and limits that it lacks.

Stock uvicorn waits for ever for the rest of a request line, of the headers or of a body, and
serves whoever connects until there are no file descriptors left.
"""

import asyncio
from typing import Any, Literal

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.crowd import SPARE, refusal, refusing
from api.errors import at_the_door
from api.limits import Limits
from api.parting import Parting
from onebox.errors import RequestInvalid

HEADER_SECONDS = 5.0
BODY_SECONDS = 10.0
Part = Literal["headers", "body"]


class TimedProtocol(H11Protocol):
    """One connection. Its clock runs from the first byte that is waited for to the last.

    A byte now and then buys no time. Between requests uvicorn's own keep-alive limit holds.
    """

    header_seconds = HEADER_SECONDS
    body_seconds = BODY_SECONDS

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._awaited: Part | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Whoever connects says what it wants."""
        super().connection_made(transport)
        self._parting = Parting(transport, self._unread)
        self.transport = self._parting  # type: ignore[assignment]  # it has all that a transport has
        if len(self.connections) > self._limits.connections + SPARE:
            transport.abort()
            return
        others = (other for other in self.connections if isinstance(other, TimedProtocol))
        addresses = (other.client[0] if other.client else None for other in others)
        crowded = refusal(self.client[0] if self.client else None, addresses, self._limits)
        if crowded is not None:
            self.app = refusing(crowded)
        self._await("headers")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  stock uvicorn's words
        """What is no HTTP gets a problem document, too."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            answer = at_the_door(RequestInvalid())
            head = [*answer.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=answer.status_code, headers=head, reason=b"Bad Request"),
                h11.Data(data=bytes(answer.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Read on, and see what is still missing."""
        if self._parting.parted:
            return
        super().data_received(data)
        self._await(self._missing(begun=True))

    def on_response_complete(self) -> None:
        """An answer has ended: the next request may have come with the last."""
        super().on_response_complete()
        self._await(self._missing(begun=bool(self.conn.trailing_data[0])))

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._await(None)
        super().connection_lost(exc)

    def _unread(self) -> bool:
        """More of this request may be coming, or of others behind it."""
        unended = self.conn.their_state in {h11.SEND_BODY, h11.ERROR}
        return unended or bool(self.conn.trailing_data[0])

    def _missing(self, *, begun: bool) -> Part | None:
        if self.transport.is_closing():
            return None
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        return "headers" if begun and self.conn.their_state is h11.IDLE else None

    def _await(self, part: Part | None) -> None:
        if part == self._awaited:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._awaited, self._deadline = part, None
        if part is not None:
            seconds = self.header_seconds if part == "headers" else self.body_seconds
            self._deadline = self.loop.call_later(seconds, self._parting.hang_up)
