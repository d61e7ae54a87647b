"""The endpoint under test, spoken to as docs/contract.md says, OneBox left out."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from onebox.contract import Contract
from onebox.digest import sha256_hex, step_digest
from onebox.models import IntentStatus, Json
from onebox.policy import RuleBook

STEP = "conformance"
_VALID_SECONDS = 30
_SHOWN = 120  # characters of an unexpected answer that a finding repeats


@dataclass(frozen=True)
class Ask:
    """One `POST /intents`: an ICS object and the headers of its consent."""

    body: Json
    headers: dict[str, str]

    @property
    def key(self) -> str:
        """Its Idempotency-Key."""
        return self.headers["Idempotency-Key"]

    def headed(self, **changes: str | None) -> Self:
        """With other headers, underscores for hyphens; None leaves one out."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in self.headers.items() if name not in named}
        given = {name: value for name, value in named.items() if value is not None}
        return replace(self, headers={**kept, **given})

    def saying(self, **fields: Any) -> Self:
        """With other members of the body; the digest stays what it was."""
        return replace(self, body={**self.body, **fields})

    def sealed(self) -> Self:
        """With the digest of what it says now."""
        _, step_id, gen = self.key.split(":")
        digest = step_digest(
            plan_id=self.headers["Plan-Id"],
            step_id=step_id,
            gen=int(gen),
            intent=self.body["intent"],
            params=self.body["params"],
            meta=self.body["meta"],
        )
        return self.headed(Step_Digest=digest)


@dataclass(frozen=True)
class Heard:
    """An answer: its status, headers and bytes."""

    http: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def key(self) -> str:
        """The key under which the call is known."""
        return self.headers.get("Intent-Key", "")

    @property
    def lines(self) -> list[str]:
        """The lines of a stream, whether or not the last one was ended."""
        return self.content.decode(errors="replace").removesuffix("\n").split("\n")

    @property
    def code(self) -> str:
        """The code of a refusal; empty where there is none."""
        return str(self._member("code") or "")

    @property
    def pointer(self) -> str:
        """Where a refusal says that the fault lies."""
        return str(self._member("pointer") or "")

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    def _member(self, name: str) -> Any:
        found = self.json()
        return found.get(name) if isinstance(found, dict) else None

    def __str__(self) -> str:
        return f"{self.http} {self.code or self.content[:_SHOWN].decode(errors='replace')!r}"


@dataclass(frozen=True)
class Target:
    """Where, with which service token, and as whom.

    `contract` and `rulebook` are those of the config folder, which an endpoint may not share;
    `user` acts in `tenant`; `facts` is what `GET /contract` said, empty where it said nothing.
    """

    url: str
    token: str
    contract: Contract
    rulebook: RuleBook
    user: str
    tenant: str
    http: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
    facts: Json = field(default_factory=dict)

    @property
    def auth(self) -> dict[str, str]:
        """The header of the service token."""
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, tool: str, params: Json, **meta: str) -> Ask:
        """An honest confirmed call under a key that nobody used before."""
        plan_id = sha256_hex(uuid4().bytes)
        body = {
            "intent": self.contract.tools[tool].intent,
            "params": params,
            "confirm": True,
            "meta": {"userId": self.user, "traceId": str(uuid4()), **meta},
        }
        headers = {
            "Idempotency-Key": f"run_{uuid4().hex}:{STEP}:0",
            "Plan-Id": plan_id,
            "Not-After": str(int(time.time()) + _VALID_SECONDS),
            "Verdict-Ref": f"approval:{plan_id}:{STEP}",
            **self._rules(),
        }
        return Ask(body, headers).sealed()

    def _rules(self) -> dict[str, str]:
        """Under which rules it was admitted: those of today."""
        digests = {
            "Policy-Digest": _digest(self.facts.get("policy")),
            "Fees-Digest": _digest(self.facts.get("fees")),
        }
        return {"Tenant": quote(self.tenant, safe=""), "Plan-Max": "100", **digests}

    async def post(self, ask: Ask) -> Heard:
        """Send a call and hear it to its end."""
        content = json.dumps(ask.body, ensure_ascii=False).encode()
        return await self.send("POST", "/intents", content, ask.headers)

    async def show(self, ask: Ask) -> Heard:
        """The same as a dry run, which takes no key."""
        return await self.post(replace(ask.saying(confirm=False), headers={}))

    async def get(self, path: str) -> Heard:
        """Ask for facts."""
        return await self.send("GET", path)

    async def status(self, key: str) -> IntentStatus:
        """The typed outcome of a key."""
        return IntentStatus.model_validate((await self.get(f"/intents/{key}")).json())

    async def fence(self, key: str) -> IntentStatus:
        """Make sure that an unseen key never runs."""
        heard = await self.send("POST", f"/intents/{key}/fence")
        return IntentStatus.model_validate(heard.json())

    async def send(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        known: bool = True,
    ) -> Heard:
        """Any request; `known: False` leaves the service token out."""
        given = {**(self.auth if known else {}), **(headers or {})}
        if content:
            given["Content-Type"] = "application/json"
        answer = await self.http.request(method, self.url + path, content=content, headers=given)
        return Heard(answer.status_code, answer.headers, answer.content)


def _digest(facts: Any) -> str:
    return str(facts.get("digest", "")) if isinstance(facts, dict) else ""
