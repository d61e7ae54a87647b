"""Three deliberately broken ICS: each stands before the real one and breaks a single promise."""

import json
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

import httpx
from fastapi import FastAPI, Request, Response

from onebox.models import Json

Pass = Callable[[Request, bytes, dict[str, str]], Awaitable[Response]]
Fault = Callable[[Request, bytes, dict[str, str], Pass], Awaitable[Response]]
_HOP = {"host", "content-length", "transfer-encoding", "connection", "content-encoding"}


def before(ics: str, http: httpx.AsyncClient, fault: Fault) -> FastAPI:
    """The whole surface of the ICS at this URL, with one fault in `POST /intents`."""
    app = FastAPI(openapi_url=None)

    async def onward(request: Request, body: bytes, headers: dict[str, str]) -> Response:
        url = ics + request.url.path
        answer = await http.request(request.method, url, content=body, headers=headers)
        return Response(answer.content, answer.status_code, _kept(answer.headers))

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def any_route(request: Request) -> Response:
        body, headers = await request.body(), _kept(request.headers)
        if request.url.path == "/intents":
            return await fault(request, body, headers, onward)
        return await onward(request, body, headers)

    return app


async def drops_the_last_newline(
    request: Request, body: bytes, headers: dict[str, str], onward: Pass
) -> Response:
    """The stream ends in the middle of a line."""
    answer = await onward(request, body, headers)
    kept = _kept(answer.headers)
    return Response(bytes(answer.body).removesuffix(b"\n"), answer.status_code, kept)


async def ignores_an_absent_confirm(
    request: Request, body: bytes, headers: dict[str, str], onward: Pass
) -> Response:
    """Silence counts as a yes."""
    given = _object(body)
    if given is not None and "confirm" not in given:
        body = json.dumps({**given, "confirm": True}).encode()
    return await onward(request, body, headers)


class RepeatsOnReplay:
    """The same request under the same key runs again, under a key of its own."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    async def __call__(
        self, request: Request, body: bytes, headers: dict[str, str], onward: Pass
    ) -> Response:
        """Run it, whether or not it ran."""
        key, digest = headers.get("idempotency-key", ""), headers.get("step-digest", "")
        if not key or not (given := _object(body)) or given.get("confirm") is not True:
            return await onward(request, body, headers)
        if (key, digest) not in self._seen:
            answer = await onward(request, body, headers)
            if answer.status_code == httpx.codes.OK:
                self._seen.add((key, digest))
            return answer
        fresh = f"run_{uuid4().hex}:{key.partition(':')[2]}"
        answer = await onward(request, body, {**headers, "idempotency-key": fresh})
        answer.headers["intent-key"] = key
        return answer


def _object(body: bytes) -> Json | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _HOP}
