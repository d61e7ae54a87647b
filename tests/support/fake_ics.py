"""ICS as a scripted HTTP peer: the real client speaks to it through a mock transport."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from activities.ics_client import IcsClient
from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.models import Json
from onebox.policy import RuleBook

TOKEN = "service-token"


@dataclass
class Answer:
    """What one POST of an intent does: its bytes, its outcome, and how it goes wrong.

    `breaks` cuts the connection after the bytes; `taken` says whether ICS knows the key
    afterwards.
    """

    body: bytes = b""
    outcome: str = "executed"
    outputs: Json | None = None
    error: Json | None = None
    receipt: Json | None = None
    retry_after: float | None = None
    waiting_for: str | None = None
    breaks: bool = False
    taken: bool = True
    refusal: tuple[int, str] | None = None

    def status(self, key: str) -> Json:
        """The typed outcome."""
        return {
            "key": key,
            "outcome": self.outcome,
            "outputs": self.outputs,
            "error": self.error,
            "receipt": self.receipt,
            "retry_after": self.retry_after,
            "waiting_for": self.waiting_for,
            "gas": "21000",
            "fee_wei": "1",
        }


@dataclass
class FakeIcs:
    """Answers each intent from its queue (the last one again and again) and keeps the keys.

    One that `tells` has the outcome in the head of its answer, too; `asked` are the keys asked for.
    """

    contract_json: Json
    script: dict[str, list[Answer]] = field(default_factory=dict)
    keys: dict[str, Answer] = field(default_factory=dict)
    open: dict[str, Answer] = field(default_factory=dict)
    posts: list[tuple[Json, dict[str, str]]] = field(default_factory=list)
    fenced: list[str] = field(default_factory=list)
    down: bool = False
    tells: bool = False
    asked: list[str] = field(default_factory=list)

    def client(self) -> IcsClient:
        """The product's client, speaking to this."""
        transport = httpx.MockTransport(self._answer)
        return IcsClient("http://ics.test", TOKEN, httpx.AsyncClient(transport=transport))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return httpx.Response(401, json={"code": "AUTH_INVALID", "message": "no"})
        path = request.url.path
        if path == "/contract":
            return httpx.Response(200, json=self.contract_json)
        if path == "/intents":
            return self._post(request)
        if path == "/healthz":
            return httpx.Response(200, json={"ok": True, "parts": {"chain": "ok"}})
        return self._by_key(path)

    def _post(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        headers = dict(request.headers)
        self.posts.append((body, headers))
        key = headers.get("idempotency-key", f"dry:{len(self.posts)}")
        answer = self.keys.get(key) or self._next(body)
        if answer.refusal is not None:
            status, code = answer.refusal
            return httpx.Response(status, json={"code": code, "message": "scripted"})
        if answer.taken and answer.outcome not in {"waiting", "in_progress"}:
            self.keys[key] = answer
        elif answer.taken:
            self.open[key] = answer
        told = {"Intent-Outcome": veiled(answer.status(key))} if self.tells else {}
        headers = {"Intent-Key": key, **told}
        return httpx.Response(200, content=_bytes(answer, request), headers=headers)

    def _next(self, body: Json) -> Answer:
        phase = "" if body["confirm"] else ":dry"
        default = Answer() if body["confirm"] else Answer(outcome="dry_run")
        queue = self.script.get(body["intent"] + phase, [default])
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def _by_key(self, path: str) -> httpx.Response:
        key = path.removeprefix("/intents/").removesuffix("/fence")
        self.asked.append(key)
        known = self.keys.get(key) or self.open.get(key)
        if known is not None:
            return httpx.Response(200, json=known.status(key))
        if path.endswith("/fence"):
            self.fenced.append(key)
            self.keys[key] = Answer(outcome="not_executed", error=_FENCED)
            return httpx.Response(200, json=self.keys[key].status(key))
        return httpx.Response(200, json=Answer(outcome="unknown_key").status(key))


def veiled(status: object) -> str:
    """As ICS puts an outcome into the head."""
    return base64.urlsafe_b64encode(json.dumps(status).encode()).decode().rstrip("=")


_FENCED = {"code": "FENCED", "message": "fenced"}


async def _bytes(answer: Answer, request: httpx.Request) -> AsyncIterator[bytes]:
    middle = len(answer.body) // 2
    for part in (answer.body[:middle], answer.body[middle:]):
        if part:
            yield part
    if answer.breaks:
        raise httpx.ReadError("cut", request=request)


def contract_answer(
    contract: Contract, rulebook: RuleBook, deployment: Deployment, **chain: Any
) -> Json:
    """What an ICS that agrees with us says of itself."""
    fees = rulebook.fees.as_json()
    return {
        "contract": {
            "digest": contract.digest,
            "tools": {name: tool.digest for name, tool in contract.tools.items()},
        },
        "policy": {"digest": rulebook.policy_digest},
        "fees": {"digest": rulebook.fees_digest, **fees},
        "chain": {
            **deployment.model_dump(mode="json", by_alias=True, exclude_none=True),
            "fees": fees,
            "limits": {
                "maxJobReward": "1000.00",
                "minAgentStake": "10.00",
                "jobStake": "1.00",
                "maxJobDuration": 604800,
            },
            "head": {"number": 100, "timestamp": 1_800_000_000},
            **chain,
        },
    }
