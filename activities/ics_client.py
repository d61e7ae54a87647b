"""The HTTP client of ICS: the wire of docs/contract.md, and nothing of ours in it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import httpx

from activities.ics_answers import (
    MAX_ANSWER_BYTES,
    MAX_OUTCOME_BYTES,
    Answer,
    IcsRefused,
    broken_off,
    decoded,
    intent_status,
    key_of,
    refusal,
    told_in,
    unavailable,
    whole,
    within,
)
from activities.ics_call import CallRules, DryRun, IntentCall
from onebox.errors import IcsUnavailable
from onebox.logs import logger
from onebox.models import IntentStatus, Json

__all__ = ["CallRules", "DryRun", "IcsClient", "IcsRefused", "IntentCall"]

_log = logger(__name__)

# A handler that sends nothing for this long is given up; a sent step is then unknown.
IDLE_SECONDS = 60.0
_RAW = {"Accept-Encoding": "identity"}
_RAW_JSON = {"Content-Type": "application/json", **_RAW}
_QUICK = httpx.Timeout(10.0, connect=3.0)
# The same for an answer that comes a byte at a time.
WHOLE_SECONDS = 30.0
_CONNECT_SECONDS = 3.0
MAX_PREVIEW_BYTES = 4 * 1024 * 1024
_FRAMES = {"content-length", "transfer-encoding"}


class Heard(NamedTuple):
    """An intent that ICS took in: its key, its bytes as they come, its outcome if that is known."""

    key: str
    chunks: AsyncIterator[bytes]
    told: IntentStatus | None


class IcsClient:
    """Calls of ICS over one pooled HTTP connection set.

    Args:
        base_url: of ICS.
        token: its service token; no redirect takes it elsewhere.
        http: does not follow redirects.
        idle_seconds: for which a handler may be silent, and a dry run may last in all.
        whole_seconds: for which any other answer may last in all.

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
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._http = http
        self._idle_seconds = idle_seconds
        self._whole_seconds = whole_seconds
        self._idle = httpx.Timeout(idle_seconds, connect=_CONNECT_SECONDS)
        self._auth = {"Authorization": f"Bearer {token}"}

    async def status(self, key: str) -> IntentStatus:
        """The typed outcome of a key, `unknown_key` where ICS never saw it."""
        told = await self._told("GET", f"/intents/{key}", MAX_OUTCOME_BYTES)
        return intent_status(key, told)

    async def fence(self, key: str) -> IntentStatus:
        """Make sure that an unseen key can never run; otherwise its real state."""
        told = await self._told("POST", f"/intents/{key}/fence", MAX_OUTCOME_BYTES)
        return intent_status(key, told)

    async def contract(self) -> Json:
        """What ICS says of itself: digests, effective policy and fees, chain."""
        return await self._told("GET", "/contract")

    async def health(self) -> Json:
        """The parts of ICS, each `ok` or a reason; also when ICS answers 503."""
        return decoded(await self._send("GET", "/healthz"))

    async def faucet(self, user_id: str) -> Json:
        """Fund a user's signer once; the local chain only."""
        answer = await self._send("POST", "/faucet", json={"userId": user_id})
        if answer.status_code != httpx.codes.OK:
            raise refusal(answer)
        return decoded(answer)

    @asynccontextmanager
    async def stream(self, call: IntentCall) -> AsyncIterator[Heard]:
        """Post an intent; yields its key and the raw bytes as they come.

        The head of the answer counts as silence however it comes: byte by byte, or after any
        number of informational ones.
        """
        request = self._http.build_request(
            "POST",
            f"{self._base}/intents",
            content=json.dumps(call.body(), ensure_ascii=False).encode(),
            headers={**self._auth, **call.headers(), **_RAW_JSON},
            timeout=self._idle,
        )
        _log.info("ics.call", intent=call.intent, confirm=call.confirm, key=call.key)
        with unavailable():
            async with within(self._idle_seconds):
                response = await self._http.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK:
                raise refusal(await self._refused(response))
            key = key_of(call, response)
            yield Heard(key, self._bytes_of(response), told_in(key, response))
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
        async with within(self._idle_seconds), self.stream(shown) as heard:
            text = await _preview(heard.chunks)
        *lines, tail = text.split(b"\n")
        status = heard.told or await self.status(heard.key)
        if (outage := broken_off(status)) is not None:
            raise outage
        return DryRun(status, [*lines, tail] if tail else lines, ended=not tail)

    async def _told(self, method: str, path: str, most: int = MAX_ANSWER_BYTES) -> Json:
        """What ICS has no reason to refuse: a refusal says nothing of a key."""
        answer = await self._send(method, path, most=most)
        if answer.status_code == httpx.codes.OK:
            return decoded(answer)
        error = refusal(answer)
        raise IcsUnavailable(error.message) if isinstance(error, IcsRefused) else error

    async def _send(
        self, method: str, path: str, json: Json | None = None, most: int = MAX_ANSWER_BYTES
    ) -> Answer:
        headers = {**self._auth, **_RAW}
        with unavailable():
            async with (
                asyncio.timeout(self._whole_seconds),
                self._http.stream(
                    method, self._base + path, json=json, headers=headers, timeout=_QUICK
                ) as response,
            ):
                return await whole(response, most)

    async def _refused(self, response: httpx.Response) -> Answer:
        with unavailable():
            async with asyncio.timeout(self._whole_seconds):
                return await whole(response, MAX_OUTCOME_BYTES)

    async def _bytes_of(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """What a handler says; the frames around it are none of it."""
        if not _FRAMES & response.headers.keys():
            raise IcsUnavailable("ICS sent a stream whose end nobody could tell from a drop")
        chunks = response.aiter_raw()
        with unavailable():
            while True:
                async with within(self._idle_seconds):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield chunk


async def _preview(chunks: AsyncIterator[bytes]) -> bytes:
    """A dry run is shown at once, so it must fit into memory."""
    text = bytearray()
    async for chunk in chunks:
        text += chunk
        if len(text) > MAX_PREVIEW_BYTES:
            raise IcsUnavailable(f"HANDLER_OUTPUT_LIMIT: a preview over {MAX_PREVIEW_BYTES} bytes")
    return bytes(text)
