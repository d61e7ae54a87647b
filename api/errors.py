"""Errors over HTTP: RFC 9457 problem documents with our code, fix and trace id."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope
from structlog.contextvars import get_contextvars

from api.discretion import discreet, hidden
from onebox.errors import (
    BodyInvalid,
    InternalError,
    MethodNotAllowed,
    NotFound,
    OneBoxError,
    ValidationFailed,
)
from onebox.logs import bound, logger
from onebox.models import Json

_log = logger("onebox.api")
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
# Whoever mends so many may ask again; an answer is no longer than the question.
MOST_ERRORS = 100
_PARTS = {
    "CONTRACT_DRIFT": "contract",
    "ICS_UNAVAILABLE": "ics",
    "CHAIN_UNAVAILABLE": "chain",
    "TEMPORAL_UNAVAILABLE": "temporal",
    "STORE_UNAVAILABLE": "store",
    "SERVER_BUSY": "api",
}
_LATER = {429, 503}
_OF_STATUS: Mapping[int, type[OneBoxError]] = {
    400: BodyInvalid,
    404: NotFound,
    405: MethodNotAllowed,
}


class ProblemResponse(JSONResponse):
    """A problem document; whatever it quotes of the request, it quotes no token."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """JSON, in which no token can be escaped or broken."""
        return hidden(bytes(super().render(content)).decode()).encode()


class Problem(BaseModel):
    """Every error of this API; some codes bring further members, such as `blockers`."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    fix: str
    trace_id: str | None


def problem(error: OneBoxError, scope: Scope) -> JSONResponse:
    """The answer that says what went wrong with this request, and what mends it."""
    body: Json = {
        **_extra(error),
        "type": f"urn:onebox:error:{error.code}",
        "title": error.meaning,
        "status": error.http_status,
        "detail": error.message,
        "instance": discreet(scope["path"]),
        "code": error.code,
        "fix": error.fix,
        "trace_id": get_contextvars().get("trace_id"),
    }
    return ProblemResponse(body, status_code=error.http_status, headers=_headers(error))


def at_the_door(error: OneBoxError, path: str = "") -> JSONResponse:
    """The same for what no route was asked: it has a trace and a log line of its own."""
    with bound(trace_id=str(uuid4())):
        _log.info("api.turned_away", code=error.code)
        return problem(error, {"path": path})


def _extra(error: OneBoxError) -> Json:
    part = _PARTS.get(error.code)
    fields = {"part": part, **error.fields} if part else dict(error.fields)
    if "errors" in fields:
        fields["errors"] = fields["errors"][:MOST_ERRORS]
    return fields


def _headers(error: OneBoxError) -> dict[str, str]:
    if error.http_status in _LATER:
        return {"Retry-After": str(error.fields.get("retry_after", RETRY_AFTER_SECONDS))}
    if error.code.startswith("AUTH_"):
        return {"WWW-Authenticate": 'Bearer realm="onebox"'}
    return {}


def pointer_of(loc: tuple[int | str, ...]) -> str:
    """The JSON Pointer (RFC 6901) of a pydantic location, without its leading `body`."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in loc[1:])
    return "".join(f"/{part}" for part in parts)


def _validation_failed(error: RequestValidationError) -> OneBoxError:
    found = [_one_error(item) for item in error.errors()]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return BodyInvalid()
    places = ", ".join(item["pointer"] or "the body" for item in found[:5])
    return ValidationFailed(f"Wrong: {places}.", errors=found)


def _one_error(item: Mapping[str, Any]) -> dict[str, str]:
    loc = item["loc"]
    where = "" if loc[0] == "body" else f"{loc[0]} parameter: "
    return {"pointer": discreet(pointer_of(loc)), "message": f"{where}{item['msg']}"}


async def _on_onebox_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OneBoxError)  # noqa: S101  Starlette hands over what was registered
    return problem(error, request.scope)


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  as above
    return problem(_validation_failed(error), request.scope)


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """What the router itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101  as above
    known = _OF_STATUS.get(error.status_code, InternalError)
    answer = problem(known(), request.scope)
    answer.headers.update(error.headers or {})
    return answer


def install(app: FastAPI) -> None:
    """Give every error that a route or the router raises its problem document."""
    app.add_exception_handler(OneBoxError, _on_onebox_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
