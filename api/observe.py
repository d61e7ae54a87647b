"""One log line a request, its ids bound to every line written while it is served."""

import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from api.discretion import discreet
from api.errors import problem
from onebox.errors import InternalError
from onebox.logs import logger

_REQUEST_ID = re.compile(r"(?!.*obx_)[A-Za-z0-9._:-]{1,128}")
_log = logger("onebox.api")


class Observe:
    """Pure ASGI, outermost: names the request, logs its end, turns a fault of ours into 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and log one line when its answer has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        headers = Headers(scope=scope)
        bind_contextvars(trace_id=str(uuid4()), request_id=_request_id(headers))
        await _Exchange(scope, send).serve(self._app, receive)


class _Exchange:
    """One request and what became of it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._began = time.perf_counter()
        self._status: int | None = None
        self._path = discreet(scope["path"])

    async def serve(self, app: ASGIApp, receive: Receive) -> None:
        try:
            await app(self._scope, receive, self._passed)
        except Exception:
            _log.exception("api.fault", path=self._path)
            if self._status is not None:
                raise
            await problem(InternalError(), self._scope)(self._scope, receive, self._passed)
        finally:
            self._say()

    async def _passed(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            request_id = get_contextvars()["request_id"]
            MutableHeaders(scope=message)["X-Request-Id"] = request_id
        await self._send(message)

    def _say(self) -> None:
        ms = round((time.perf_counter() - self._began) * 1000, 1)
        _log.info(
            "api.request",
            method=discreet(self._scope["method"]),
            path=self._path,
            status=self._status,
            ms=ms,
        )


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex
