"""An ICS that answers by script, behind the real client's HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.models import Json
from onebox.policy import RuleBook

HEAD = 1_800_000_000
_OUTPUTS: dict[str, Json] = {
    "screen": {"warnings": [], "fingerprint": "f"},
    "pin": {"uri": "ipfs://bafy", "cid": "bafy", "specHash": "0x" + "a" * 64},
    "create_job": {"escrow": "52.50", "reward": "50.00", "fee": "2.50"},
}


@dataclass
class ScriptedIcs:
    """`down` refuses connections; `fails` maps an intent to the error of its dry run.

    `says` maps an intent to parts of its typed outcome that differ from the usual ones.
    `health` replaces what it says of itself. `meanwhile` happens once, before the first dry run
    is answered.
    """

    contract_json: Json
    down: bool = False
    chain: str = "ok"
    fails: dict[str, Json] = field(default_factory=dict)
    refuses: dict[str, Json] = field(default_factory=dict)
    says: dict[str, Json] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    after: list[str | None] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    health: Json | None = None
    _outcomes: dict[str, Json] = field(default_factory=dict)

    def transport(self) -> httpx.MockTransport:
        """What the client's AsyncClient is built on."""
        return httpx.MockTransport(self._in_time)

    def intents(self) -> list[str]:
        """The intents that were asked for, in order."""
        return [body["intent"] for body in self.asked]

    async def _in_time(self, request: httpx.Request) -> httpx.Response:
        meanwhile = self.meanwhile
        if meanwhile is not None and request.method == "POST":
            self.meanwhile = None
            await meanwhile()
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        path = request.url.path
        if path == "/contract":
            return self._contract()
        if path == "/healthz":
            parts = {"parts": {"chain": self.chain, "journal": "ok"}}
            return httpx.Response(200, json=parts if self.health is None else self.health)
        if request.method == "POST":
            self.headers.append(request.headers)
            self.after.append(request.headers.get("After"))
            return self._intent(json.loads(request.content))
        return httpx.Response(200, json=self._outcomes[path.rsplit("/", 1)[-1]])

    def _contract(self) -> httpx.Response:
        if self.chain != "ok":
            body = {"code": "CHAIN_UNAVAILABLE", "message": self.chain}
            return httpx.Response(503, json=body)
        return httpx.Response(200, json=self.contract_json)

    def _intent(self, body: Json) -> httpx.Response:
        self.asked.append(body)
        intent = body["intent"]
        if intent in self.refuses:
            return httpx.Response(422, json=self.refuses[intent])
        key = f"dry:{len(self.asked)}"
        self._outcomes[key] = {"key": key, **self._outcome(intent)}
        text = f"🧪 {intent} would do this\n".encode()
        return httpx.Response(200, content=_chunks(text), headers={"Intent-Key": key})

    def _outcome(self, intent: str) -> Json:
        if intent in self.fails:
            return {"outcome": "rejected", "error": self.fails[intent]}
        gas = {"gas": "21000", "fee_wei": "21000000"} if intent == "create_job" else {}
        usual = {"outcome": "dry_run", "outputs": _OUTPUTS.get(intent, {}), **gas}
        return {**usual, **self.says.get(intent, {})}


async def _chunks(text: bytes) -> AsyncIterator[bytes]:
    """As a stream comes: cut anywhere."""
    yield text[:3]
    yield text[3:]


def contract_json_of(contract: Contract, rulebook: RuleBook, deployment: Deployment) -> Json:
    """The `GET /contract` of an ICS that agrees with these."""
    chain: dict[str, Any] = deployment.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        "contract": {
            "digest": contract.digest,
            "tools": {name: tool.digest for name, tool in contract.tools.items()},
        },
        "policy": {"digest": rulebook.policy_digest},
        "fees": {"digest": rulebook.fees_digest, **rulebook.fees.as_json()},
        "chain": {
            **chain,
            "fees": rulebook.fees.as_json(),
            "limits": {"maxJobReward": "1000", "maxJobDuration": 7 * 86_400},
            "head": {"number": 9, "timestamp": HEAD},
        },
    }
