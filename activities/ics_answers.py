"""What ICS answers beside its streams, read strictly; whatever is odd about it is an outage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from pydantic import ValidationError

from onebox.errors import (
    BodyInvalid,
    ChainUnavailable,
    IcsUnavailable,
    InternalError,
    OneBoxError,
)
from onebox.models import IntentStatus, Json
from onebox.strictjson import loads_strict

_MAX_NODES = 100_000


class IcsRefused(OneBoxError):  # noqa: N818 - named after what ICS did, like its siblings
    """ICS refused a request before it became an intent: nothing was started.

    `ics_code` is the code that ICS gave, for instance KEY_REUSED.
    """

    code, http_status = "ICS_REFUSED", 502

    def __init__(self, ics_code: str, message: str) -> None:
        super().__init__(f"ICS refused the request: {ics_code}: {message}")
        self.ics_code = ics_code


@contextmanager
def unavailable() -> Iterator[None]:
    """Whatever goes wrong on the way to ICS and back is an outage with a reason."""
    try:
        yield
    except httpx.ReadTimeout as error:
        raise IcsUnavailable("HANDLER_IDLE: ICS sent nothing for too long") from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise IcsUnavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def decoded(response: httpx.Response) -> Json:
    """The JSON object of an answer, free of what the store could not hold."""
    try:
        value: Any = loads_strict(response.content, max_nodes=_MAX_NODES)
    except BodyInvalid as error:
        said = f"ICS answered {response.status_code} without JSON: {error.message}"
        raise IcsUnavailable(said) from error
    if not isinstance(value, dict):
        raise IcsUnavailable(f"ICS answered {response.status_code} without a JSON object")
    return value


def intent_status(key: str, value: Json) -> IntentStatus:
    """The typed outcome of this key."""
    try:
        status = IntentStatus.model_validate(value)
    except ValidationError as error:
        raise IcsUnavailable(f"ICS answered with an outcome of another shape: {error}") from error
    if status.key != key:
        raise IcsUnavailable(f"ICS was asked for {key} and answered for {status.key[:80]!r}")
    return status


def broken_off(shown: IntentStatus) -> OneBoxError | None:
    """The outage that ended a dry run; None where it speaks of its step."""
    error = shown.error
    if error is None:
        return None
    if error.code == ChainUnavailable.code:
        return ChainUnavailable(error.message)
    if error.code == InternalError.code:
        return IcsUnavailable(f"{error.code}: {error.message}")
    return None


def refusal(response: httpx.Response) -> OneBoxError:
    """Our name for an answer that is not 200."""
    body = decoded(response)
    code, message = str(body.get("code", "")), str(body.get("message", ""))
    if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return IcsRefused(code, message)
    if code.startswith("CHAIN_"):
        return ChainUnavailable(f"{code}: {message}")
    return IcsUnavailable(f"{code}: {message}")
