"""The front gate: before any route runs, a request's size, caller and JSON are settled.

The order is reliability.md 4.6: size, then who calls, then the bytes as strict JSON; so a
stranger learns nothing about bodies and a broken body never reaches a model.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from onebox.errors import BodyInvalid, BodyTooLarge, OneBoxError
from onebox.strictjson import loads_strict

MAX_BODY_BYTES = 256 * 1024
_JSON = "application/json"
Identify = Callable[[Scope], Awaitable[None]]


class Gate:
    """Pure ASGI. `identify` raises for an unknown caller, else leaves it in the scope."""

    def __init__(self, app: ASGIApp, identify: Identify) -> None:
        self._app = app
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request; hand on any other with its body already read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._admitted(scope, receive)
        except OneBoxError as error:
            await problem(error, scope)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _admitted(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        body = await _read(headers, receive)
        await self._identify(scope)
        if scope["method"] not in {"GET", "HEAD"}:
            _check(body, headers.get("content-type", ""))
        return body


async def _read(headers: Headers, receive: Receive) -> bytes:
    """The body, counted as it comes: a declared length may be missing or a lie."""
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > MAX_BODY_BYTES:
        raise BodyTooLarge
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise BodyTooLarge
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts)


def _check(body: bytes, content_type: str) -> None:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if body and kind not in {"", _JSON}:
        raise BodyInvalid(f"The body must come with Content-Type: {_JSON}.")
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
