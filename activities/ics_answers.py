"""What ICS answers beside its streams, read strictly; whatever is odd about it is an outage."""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple

import httpx
from pydantic import ValidationError

from activities.ics_call import IntentCall
from onebox.errors import (
    BodyInvalid,
    ChainUnavailable,
    IcsUnavailable,
    InternalError,
    OneBoxError,
)
from onebox.models import IntentStatus, Json, Outcome
from onebox.strictjson import loads_strict

_MAX_NODES = 100_000
# Policies of many tenants fit; what never ends does not.
MAX_ANSWER_BYTES = 8 * 1024 * 1024
# An outcome travels on through Temporal, which carries 2 MiB.
MAX_OUTCOME_BYTES = 256 * 1024
# Longer than ICS makes one: a head has not room for everything.
_MAX_TOLD = 8192
_OPEN = {Outcome.IN_PROGRESS, Outcome.UNKNOWN_KEY}
# Of a refusal: enough for a person, and for a step's row.
_SAID = 2000
_SHOWN = {Outcome.DRY_RUN, Outcome.REJECTED, Outcome.FAILED}
_DRY_KEY = re.compile(r"dry:[A-Za-z0-9_.~-]{1,100}", re.ASCII)
_IDLE = "HANDLER_IDLE: ICS sent nothing for too long"


class Answer(NamedTuple):
    """A whole HTTP answer of ICS."""

    status_code: int
    content: bytes


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
        raise IcsUnavailable(_IDLE) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise IcsUnavailable(_reason(error)) from error


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """What is not done by then is as good as silence."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise IcsUnavailable(_IDLE) from error


async def whole(response: httpx.Response, most: int) -> Answer:
    """All of an answer of at most so many bytes.

    Raises:
        IcsUnavailable: it has more.
    """
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > most:
            raise IcsUnavailable(f"ICS answered with more than {most} bytes")
    return Answer(response.status_code, bytes(content))


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def decoded(answer: Answer) -> Json:
    """The JSON object of an answer, free of what the store could not hold."""
    try:
        value: Any = loads_strict(answer.content, max_nodes=_MAX_NODES)
    except BodyInvalid as error:
        said = f"ICS answered {answer.status_code} without JSON: {error.message}"
        raise IcsUnavailable(said) from error
    if not isinstance(value, dict):
        raise IcsUnavailable(f"ICS answered {answer.status_code} without a JSON object")
    return value


def intent_status(key: str, value: Json) -> IntentStatus:
    """The typed outcome of this key."""
    try:
        status = IntentStatus.model_validate(value)
    except ValidationError as error:
        said = f"ICS answered with an outcome of another shape: {_first(error)}"
        raise IcsUnavailable(said) from error
    if status.key != key:
        raise IcsUnavailable(f"ICS was asked for {key} and answered for {status.key[:80]!r}")
    return status


def key_of(call: IntentCall, response: httpx.Response) -> str:
    """Whose lines these are: of the key that was called, or of a dry run."""
    key: str = response.headers.get("Intent-Key", call.key or "")
    if call.key is None and _DRY_KEY.fullmatch(key) is None:
        raise IcsUnavailable(f"ICS calls a dry run {key[:80]!r}")
    if call.key is not None and key != call.key:
        raise IcsUnavailable(f"ICS was called for {call.key} and answered for {key[:80]!r}")
    return key


def told_in(key: str, response: httpx.Response) -> IntentStatus | None:
    """The typed outcome that came with the head: that of a call which had ended by then.

    None where there is none, or anything is odd about it: then the key is asked.
    """
    veiled: str = response.headers.get("Intent-Outcome", "")
    if not 0 < len(veiled) <= _MAX_TOLD:
        return None
    try:
        content = base64.b64decode(veiled + "=" * (-len(veiled) % 4), altchars="-_", validate=True)
        status = intent_status(key, decoded(Answer(response.status_code, content)))
    except (binascii.Error, ValueError, IcsUnavailable):
        return None
    return None if status.outcome in _OPEN else status


def _first(error: ValidationError) -> str:
    """One of what may be thousands of mistakes, without the value, which may be as long."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = "/".join(str(part)[:40] for part in first["loc"])
    return f"{place}: {first['msg'][:200]} ({error.error_count()} in all)"


def broken_off(shown: IntentStatus) -> OneBoxError | None:
    """The outage that ended a dry run; None where it speaks of its step.

    An ICS that was started again meanwhile knows no dry run of before.
    """
    error = shown.error
    if shown.outcome not in _SHOWN:
        return IcsUnavailable(f"ICS says of a dry run that it is {shown.outcome.value}")
    if error is None:
        return None
    if error.code == ChainUnavailable.code:
        return ChainUnavailable(error.message)
    if error.code == InternalError.code:
        return IcsUnavailable(f"{error.code}: {error.message}")
    return None


def refusal(answer: Answer) -> OneBoxError:
    """Our name for an answer that is not 200; only an error of HTTP refuses."""
    body = decoded(answer)
    if answer.status_code < httpx.codes.BAD_REQUEST:
        return IcsUnavailable(f"ICS answered {answer.status_code}")
    code, message = (str(body.get(name, ""))[:_SAID] for name in ("code", "message"))
    if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return IcsRefused(code, message)
    if code.startswith("CHAIN_"):
        return ChainUnavailable(f"{code}: {message}")
    return IcsUnavailable(f"{code}: {message}")
