"""The front gate: before any route runs, a request's size, caller and JSON are settled.

The order is reliability.md 4.6: size and time, then who calls, then the bytes as strict JSON;
so a stranger learns nothing about bodies and a broken body never reaches a model. A request
whose sender left before its last byte is no request: what came of it is thrown away.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from onebox.errors import (
    BodyInvalid,
    BodyTooLarge,
    HeadersTooLarge,
    OneBoxError,
    RequestInvalid,
)
from onebox.strictjson import loads_strict

MAX_BODY_BYTES = 256 * 1024
MAX_HEADERS = 100
MAX_HEAD_BYTES = 16 * 1024  # target, names and values; what h11 allows a head that comes in pieces
# A little less than api.protocol gives: an answer goes out before the line goes dead.
BODY_SECONDS = 9.5
_JSON = "application/json"
# Whose empty body is no missing one, though many clients call it JSON all the same.
_BODILESS = {"DELETE", "OPTIONS", "TRACE"}
_UNREAD = {"GET", "HEAD"}
Identify = Callable[[Scope], Awaitable[None]]


class _Gone(Exception):  # noqa: N818 - nothing went wrong here: the sender left
    """The connection ended in the middle of the body."""


class _TooSlow(BodyInvalid):
    """The body did not come in time."""


class Gate:
    """Pure ASGI. `identify` raises for an unknown caller, else leaves it in the scope."""

    def __init__(
        self, app: ASGIApp, identify: Identify, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._identify = identify
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request; hand on any other with its body already read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._admitted(scope, receive)
        except _Gone:
            return
        except OneBoxError as error:
            await _refusal(error, scope)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _admitted(self, scope: Scope, receive: Receive) -> bytes:
        _check_head(scope)
        headers = Headers(scope=scope)
        body = await self._read_in_time(headers, receive)
        await self._identify(scope)
        if scope["method"] not in _UNREAD and (body or scope["method"] not in _BODILESS):
            _check(body, headers)
        return body

    async def _read_in_time(self, headers: Headers, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self._body_seconds):
                return await _read(headers, receive)
        except TimeoutError as error:
            raise _TooSlow("The body did not arrive in time.") from error


def _refusal(error: OneBoxError, scope: Scope) -> JSONResponse:
    answer = problem(error, scope)
    if isinstance(error, _TooSlow | RequestInvalid | HeadersTooLarge):
        answer.headers["Connection"] = "close"  # else the rest would be read as another request
    return answer


def _check_head(scope: Scope) -> None:
    """Nothing that a proxy before us may have read in another way, and not too much of it.

    Raises:
        HeadersTooLarge, RequestInvalid: then the connection is closed, too.
    """
    fields = scope["headers"]
    size = len(scope["raw_path"]) + len(scope["query_string"])
    if len(fields) > MAX_HEADERS or size + sum(map(_length, fields)) > MAX_HEAD_BYTES:
        raise HeadersTooLarge
    names = {name for name, _ in fields}
    if {b"content-length", b"transfer-encoding"} <= names:
        raise RequestInvalid("Content-Length and Transfer-Encoding exclude each other.")
    if scope["http_version"] == "1.0" and b"transfer-encoding" in names:
        raise RequestInvalid("HTTP/1.0 has no Transfer-Encoding.")
    if scope["http_version"] not in {"1.0", "1.1"}:
        raise RequestInvalid("This server speaks HTTP/1.1.")


def _length(field: tuple[bytes, bytes]) -> int:
    return len(field[0]) + len(field[1])


async def _read(headers: Headers, receive: Receive) -> bytes:
    """The body, counted as it comes: a declared length may be missing or a lie."""
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > MAX_BODY_BYTES:
        raise BodyTooLarge
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return b"".join(parts)


def _check(body: bytes, headers: Headers) -> None:
    kind = headers.get("content-type", "").split(";", maxsplit=1)[0].strip().lower()
    if body and kind not in {"", _JSON}:
        raise BodyInvalid(f"The body must come with Content-Type: {_JSON}.")
    if body and headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BodyInvalid("The body must come as it is, without Content-Encoding.")
    if body or kind == _JSON:
        loads_strict(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once, then what the connection says (a disconnect)."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
