"""The HTTP client of ICS: the wire of docs/contract.md, and nothing of ours in it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from activities.ics_answers import (
    IcsRefused,
    broken_off,
    decoded,
    intent_status,
    refusal,
    unavailable,
)
from onebox.errors import IcsUnavailable
from onebox.logs import logger
from onebox.models import IntentStatus, Json

__all__ = ["CallRules", "DryRun", "IcsClient", "IcsRefused", "IntentCall"]

_log = logger(__name__)

# A handler that sends nothing for this long is given up; a sent step is then unknown.
IDLE_SECONDS = 60.0
_RAW_JSON = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_QUICK = httpx.Timeout(10.0, connect=3.0)
# The same for an answer that comes a byte at a time.
_WHOLE_SECONDS = 30.0
_CONNECT_SECONDS = 3.0
MAX_PREVIEW_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class CallRules:
    """Under which rules a call was admitted, so that ICS can enforce them by itself.

    `plan_max` is the plan's `budget.max`, decimal text; a money call must name it.
    """

    tenant: str
    policy_digest: str
    fees_digest: str
    plan_max: str | None = None

    def headers(self) -> dict[str, str | None]:
        """As docs/contract.md names them; a tenant's name need not be ASCII."""
        return {
            "Tenant": quote(self.tenant, safe=""),
            "Policy-Digest": self.policy_digest,
            "Fees-Digest": self.fees_digest,
            "Plan-Max": self.plan_max,
        }


@dataclass(frozen=True)
class IntentCall:
    """One `POST /intents`: the ICS object and, when confirmed, the headers of its key.

    `not_after` is unix seconds; `verdict_ref` names the yes that a money step needs, `rules`
    what the call is judged by; `after` is the key of the dry run that this one comes after.
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
    rules: CallRules | None = None
    after: str | None = None

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
            "After": self.after,
            **(self.rules.headers() if self.rules else {}),
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class DryRun:
    """What a call with `confirm: false` showed: its lines (bytes, no newline) and outcome."""

    status: IntentStatus
    lines: list[bytes]
    ended: bool = True
    """False where no newline followed the last line."""

    def as_sent(self) -> list[tuple[bytes, bool]]:
        """The lines, each with whether its newline came."""
        last = len(self.lines) - 1
        return [(line, self.ended or n < last) for n, line in enumerate(self.lines)]


class IcsClient:
    """Calls of ICS over one pooled HTTP connection set.

    Raises:
        IcsUnavailable: ICS did not answer, or broke off.
        ChainUnavailable: ICS answers, its chain does not.
        IcsRefused: ICS answered with any other error.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        http: httpx.AsyncClient,
        *,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._http = http
        self._idle = httpx.Timeout(idle_seconds, connect=_CONNECT_SECONDS)
        self._auth = {"Authorization": f"Bearer {token}"}

    async def status(self, key: str) -> IntentStatus:
        """The typed outcome of a key, `unknown_key` where ICS never saw it."""
        return intent_status(key, await self._told("GET", f"/intents/{key}"))

    async def fence(self, key: str) -> IntentStatus:
        """Make sure that an unseen key can never run; otherwise its real state."""
        return intent_status(key, await self._told("POST", f"/intents/{key}/fence"))

    async def contract(self) -> Json:
        """What ICS says of itself: digests, effective policy and fees, chain."""
        return await self._told("GET", "/contract")

    async def health(self) -> Json:
        """The parts of ICS, each `ok` or a reason; also when ICS answers 503."""
        response = await self._send("GET", "/healthz")
        return decoded(response)

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
            timeout=self._idle,
        )
        _log.info("ics.call", intent=call.intent, confirm=call.confirm, key=call.key)
        with unavailable():
            response = await self._http.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK:
                with unavailable():
                    await response.aread()
                raise refusal(response)
            yield response.headers.get("Intent-Key", call.key or ""), _bytes_of(response)
        finally:
            await response.aclose()

    async def dry_run(
        self,
        intent: str,
        params: Json,
        meta: Json,
        rules: CallRules | None = None,
        after: str | None = None,
    ) -> DryRun:
        """Show what an intent would do; nothing is sent to the chain.

        With `after` it is shown on the state that the chain would have after that dry run.
        One that ICS or its chain broke off says nothing about the step: it is an outage.
        """
        shown = IntentCall(intent, params, meta, confirm=False, rules=rules, after=after)
        async with self.stream(shown) as (key, chunks):
            text = await _whole(chunks)
        *lines, tail = text.split(b"\n")
        status = await self.status(key)
        if (outage := broken_off(status)) is not None:
            raise outage
        return DryRun(status, [*lines, tail] if tail else lines, ended=not tail)

    async def _json(self, method: str, path: str, json: Json | None = None) -> Json:
        response = await self._send(method, path, json)
        if response.status_code != httpx.codes.OK:
            raise refusal(response)
        return decoded(response)

    async def _told(self, method: str, path: str) -> Json:
        """The same for what ICS has no reason to refuse: a refusal says nothing of a key."""
        try:
            return await self._json(method, path)
        except IcsRefused as error:
            raise IcsUnavailable(error.message) from error

    async def _send(self, method: str, path: str, json: Json | None = None) -> httpx.Response:
        with unavailable():
            async with asyncio.timeout(_WHOLE_SECONDS):
                return await self._http.request(
                    method, self._base + path, json=json, headers=self._auth, timeout=_QUICK
                )


async def _bytes_of(response: httpx.Response) -> AsyncIterator[bytes]:
    with unavailable():
        async for chunk in response.aiter_raw():
            yield chunk


async def _whole(chunks: AsyncIterator[bytes]) -> bytes:
    """A dry run is shown at once, so it must fit into memory."""
    text = bytearray()
    async for chunk in chunks:
        text += chunk
        if len(text) > MAX_PREVIEW_BYTES:
            raise IcsUnavailable(f"HANDLER_OUTPUT_LIMIT: a preview over {MAX_PREVIEW_BYTES} bytes")
    return bytes(text)
