"""The HTTP client of ICS: the wire of docs/contract.md, and nothing of ours in it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import ValidationError

from onebox.errors import ChainUnavailable, IcsUnavailable, OneBoxError
from onebox.logs import logger
from onebox.models import IntentStatus, Json

_log = logger(__name__)

# A handler that sends nothing for this long is given up; a sent step is then unknown.
IDLE_SECONDS = 60.0
_RAW_JSON = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_QUICK = httpx.Timeout(10.0, connect=3.0)
_STREAM = httpx.Timeout(IDLE_SECONDS, connect=3.0)


@dataclass(frozen=True)
class IntentCall:
    """One `POST /intents`: the ICS object and, when confirmed, the headers of its key.

    `not_after` is unix seconds; `verdict_ref` names the yes that a money step needs.
    """

    intent: str
    params: Json
    meta: Json
    confirm: bool
    key: str | None = None
    plan_id: str | None = None
    digest: str | None = None
    not_after: int | None = None
    verdict_ref: str | None = None

    def body(self) -> Json:
        """The ICS object."""
        return {
            "intent": self.intent,
            "params": self.params,
            "confirm": self.confirm,
            "meta": self.meta,
        }

    def headers(self) -> dict[str, str]:
        """Only the headers that this call has."""
        named = {
            "Idempotency-Key": self.key,
            "Plan-Id": self.plan_id,
            "Step-Digest": self.digest,
            "Not-After": None if self.not_after is None else str(self.not_after),
            "Verdict-Ref": self.verdict_ref,
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class DryRun:
    """What a call with `confirm: false` showed: its lines (bytes, no newline) and outcome."""

    status: IntentStatus
    lines: list[bytes]


class IcsRefused(OneBoxError):  # noqa: N818 - named after what ICS did, like its siblings
    """ICS refused a request before it became an intent: nothing was started.

    `ics_code` is the code that ICS gave, for instance KEY_REUSED.
    """

    code, http_status = "ICS_REFUSED", 502

    def __init__(self, ics_code: str, message: str) -> None:
        super().__init__(f"ICS refused the request: {ics_code}: {message}")
        self.ics_code = ics_code


class IcsClient:
    """Calls of ICS over one pooled HTTP connection set.

    Raises:
        IcsUnavailable: ICS did not answer, or broke off.
        ChainUnavailable: ICS answers, its chain does not.
        IcsRefused: ICS answered with any other error.
    """

    def __init__(self, base_url: str, token: str, http: httpx.AsyncClient) -> None:
        self._base = base_url.rstrip("/")
        self._http = http
        self._auth = {"Authorization": f"Bearer {token}"}

    async def status(self, key: str) -> IntentStatus:
        """The typed outcome of a key, `unknown_key` where ICS never saw it."""
        return _intent_status(await self._json("GET", f"/intents/{key}"))

    async def fence(self, key: str) -> IntentStatus:
        """Make sure that an unseen key can never run; otherwise its real state."""
        return _intent_status(await self._json("POST", f"/intents/{key}/fence"))

    async def contract(self) -> Json:
        """What ICS says of itself: digests, effective policy and fees, chain."""
        return await self._json("GET", "/contract")

    async def health(self) -> Json:
        """The parts of ICS, each `ok` or a reason; also when ICS answers 503."""
        response = await self._send("GET", "/healthz")
        return _decoded(response)

    async def faucet(self, user_id: str) -> Json:
        """Fund a user's signer once; the local chain only."""
        return await self._json("POST", "/faucet", json={"userId": user_id})

    @asynccontextmanager
    async def stream(self, call: IntentCall) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """Post an intent; yields its key and the raw bytes as they come."""
        request = self._http.build_request(
            "POST",
            f"{self._base}/intents",
            content=json.dumps(call.body(), ensure_ascii=False).encode(),
            headers={**self._auth, **call.headers(), **_RAW_JSON},
            timeout=_STREAM,
        )
        _log.info("ics.call", intent=call.intent, confirm=call.confirm, key=call.key)
        try:
            response = await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            raise IcsUnavailable(_reason(error)) from error
        try:
            if response.status_code != httpx.codes.OK:
                await response.aread()
                raise _refusal(response)
            yield response.headers.get("Intent-Key", call.key or ""), _bytes_of(response)
        finally:
            await response.aclose()

    async def dry_run(self, intent: str, params: Json, meta: Json) -> DryRun:
        """Show what an intent would do; nothing is sent to the chain."""
        call = IntentCall(intent=intent, params=params, meta=meta, confirm=False)
        async with self.stream(call) as (key, chunks):
            text = b"".join([chunk async for chunk in chunks])
        lines = text.split(b"\n")
        return DryRun(await self.status(key), lines[:-1] if lines[-1] == b"" else lines)

    async def _json(self, method: str, path: str, json: Json | None = None) -> Json:
        response = await self._send(method, path, json)
        if response.status_code != httpx.codes.OK:
            raise _refusal(response)
        return _decoded(response)

    async def _send(self, method: str, path: str, json: Json | None = None) -> httpx.Response:
        try:
            return await self._http.request(
                method, self._base + path, json=json, headers=self._auth, timeout=_QUICK
            )
        except httpx.HTTPError as error:
            raise IcsUnavailable(_reason(error)) from error


async def _bytes_of(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except httpx.HTTPError as error:
        raise IcsUnavailable(_reason(error)) from error


def _reason(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _decoded(response: httpx.Response) -> Json:
    try:
        value: Any = response.json()
    except ValueError as error:
        raise IcsUnavailable(f"ICS answered {response.status_code} without JSON") from error
    if not isinstance(value, dict):
        raise IcsUnavailable(f"ICS answered {response.status_code} without a JSON object")
    return value


def _intent_status(value: Json) -> IntentStatus:
    try:
        return IntentStatus.model_validate(value)
    except ValidationError as error:
        raise IcsUnavailable(f"ICS answered with an outcome of another shape: {error}") from error


def _refusal(response: httpx.Response) -> OneBoxError:
    body = _decoded(response)
    code, message = str(body.get("code", "")), str(body.get("message", ""))
    if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return IcsRefused(code, message)
    if code.startswith("CHAIN_"):
        return ChainUnavailable(f"{code}: {message}")
    return IcsUnavailable(f"{code}: {message}")
