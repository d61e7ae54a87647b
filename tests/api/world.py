"""One API over a real store, with an ICS and an engine that a test can take away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from activities.handshake import Handshake
from activities.ics_client import IcsClient
from api.deps import Deps
from api.limits import Meter
from api.main import create_app
from api.metrics import Metrics
from api.services.watch import Watch
from onebox.contract import load_contract
from onebox.deployment import Deployment
from onebox.models import Role
from onebox.policy import load_rulebook
from store import tokens
from store.database import Database
from tests.api.fake_engine import FakeEngine
from tests.api.scripted_ics import ScriptedIcs, contract_json_of

CONFIG = Path(__file__).parents[2] / "config"
ICS_TOKEN = "ics-service-7c1e"
CONTRACTS = (
    "token",
    "jobRegistry",
    "stakeManager",
    "validationModule",
    "feePool",
    "identityRegistry",
    "disputeModule",
)
USERS = {
    "operator": ("acme", Role.OPERATOR),
    "viewer": ("acme", Role.VIEWER),
    "approver": ("acme", Role.APPROVER),
    "governance": ("acme", Role.GOVERNANCE),
    "stranger": ("other", Role.GOVERNANCE),
}


@dataclass
class Clock:
    """Unix seconds that only a test moves."""

    now: float = 1_795_000_000.0

    def __call__(self) -> float:
        """The moment that the test has set."""
        return self.now


@dataclass
class World:
    """Everything a test of the API may look at or break."""

    app: FastAPI
    deps: Deps
    ics: ScriptedIcs
    engine: FakeEngine
    clock: Clock
    tokens: dict[str, str]
    http: httpx.AsyncClient
    url: str

    def swap(self, deps: Deps) -> None:
        """The application stands on these parts from now on."""
        self.deps = self.app.state.deps = deps

    def auth(self, user: str) -> dict[str, str]:
        """The header of a user's token."""
        return {"Authorization": f"Bearer {self.tokens[user]}"}

    async def post(self, path: str, body: Any, user: str = "operator") -> httpx.Response:
        """POST /onebox<path> with a JSON body."""
        return await self.http.post(f"/onebox{path}", json=body, headers=self.auth(user))

    async def raw(self, path: str, body: bytes, user: str = "operator") -> httpx.Response:
        """POST /onebox<path> with these bytes, called JSON."""
        headers = {**self.auth(user), "Content-Type": "application/json"}
        return await self.http.post(f"/onebox{path}", content=body, headers=headers)

    async def get(self, path: str, user: str = "operator", **params: Any) -> httpx.Response:
        """GET /onebox<path>."""
        return await self.http.get(f"/onebox{path}", params=params or None, headers=self.auth(user))


def deployment() -> Deployment:
    """A chain that nobody runs."""
    addresses = {name: f"0x{index + 1:040x}" for index, name in enumerate(CONTRACTS)}
    return Deployment.model_validate(
        {
            "chainId": 31337,
            "genesisHash": "0x" + "1" * 64,
            "deploymentBlock": {"number": 1, "hash": "0x" + "2" * 64},
            "addresses": addresses,
        }
    )


@asynccontextmanager
async def open_world(url: str) -> AsyncIterator[World]:
    """A world over a migrated store."""
    contract, rulebook, chain = (
        load_contract(CONFIG),
        load_rulebook(CONFIG, None, None),
        deployment(),
    )
    clock, engine, db = Clock(), FakeEngine(), Database(url)
    ics = ScriptedIcs(contract_json_of(contract, rulebook, chain))
    async with httpx.AsyncClient(transport=ics.transport()) as to_ics:
        client = IcsClient("http://ics", ICS_TOKEN, to_ics)
        deps = Deps(
            contract=contract,
            rulebook=rulebook,
            deployment=chain,
            db=db,
            ics=client,
            handshake=Handshake(client, contract, rulebook, chain, clock),
            engine=engine,
            metrics=Metrics(),
            watch=Watch(db),
            meter=Meter(),
            clock=clock,
            new_id=lambda: uuid4().hex,
            plan_ttl=86_400,
        )
        app = create_app(deps=deps)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://onebox") as http:
            yield World(app, deps, ics, engine, clock, await _tokens(db), http, url)
    await db.close()


async def _tokens(db: Database) -> dict[str, str]:
    made = {}
    async with db.write() as session:
        for user, (tenant, role) in USERS.items():
            made[user], _ = await tokens.create(
                session, user_id=user, tenant=tenant, role=role, ens=None, now=0.0
            )
    return made
