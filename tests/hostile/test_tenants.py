"""Every route x two tenants x four roles x own, foreign and missing ids."""

from dataclasses import dataclass
from typing import Literal

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from onebox.models import Json, Role
from store import tokens
from tests.api import runs
from tests.api.plans import post_job_steps, stored
from tests.api.runs import DIGEST, QUESTION
from tests.api.world import World
from tests.hostile.routes import MISSING, routes_of

Whose = Literal["own", "foreign", "missing"]
TENANTS = ("acme", "other")


@dataclass(frozen=True)
class Row:
    """What a route needs of its caller and which id it takes; None: of no tenant's thing."""

    role: Role | None
    takes: str | None
    body: Json | None = None


MATRIX: dict[str, Row] = {
    "POST /onebox/plan": Row(Role.VIEWER, None, {"input_text": "Apply to job 42"}),
    "POST /onebox/simulate": Row(Role.VIEWER, "plan_id", {"plan_id": "{plan_id}"}),
    "POST /onebox/execute": Row(Role.OPERATOR, "plan_id", {"plan_id": "{plan_id}"}),
    "GET /onebox/status": Row(Role.VIEWER, "run_id"),
    "GET /onebox/runs/{run_id}/lines": Row(Role.VIEWER, "run_id"),
    "GET /onebox/runs/{run_id}/receipt": Row(Role.VIEWER, "run_id"),
    "GET /onebox/confirmations": Row(Role.VIEWER, None),
    "GET /onebox/confirmations/{confirmation_id}": Row(Role.VIEWER, "confirmation_id"),
    "POST /onebox/confirmations/{confirmation_id}/verdict": Row(
        Role.OPERATOR, "confirmation_id", {"verdict": "reject", "digest": DIGEST}
    ),
    "GET /healthz": Row(None, None),
    "GET /readyz": Row(None, None),
    "GET /metrics": Row(None, None),
    "GET /openapi.json": Row(None, None),
}


@dataclass(frozen=True)
class Scene:
    """A world in which acme has a plan, a run and a question, and both tenants have all roles."""

    world: World
    ids: dict[str, str]
    callers: dict[tuple[str, Role], dict[str, str]]

    async def ask(self, name: str, tenant: str, role: Role, whose: Whose) -> httpx.Response:
        """One cell of the matrix."""
        method, path = name.split(" ")
        ids = {**MISSING, "plan_id": "0" * 64} if whose == "missing" else self.ids
        row = MATRIX[name]
        body = {k: v.format(**ids) for k, v in row.body.items()} if row.body else None
        params = {"run_id": ids["run_id"]} if name == "GET /onebox/status" else None
        headers = self.callers[tenant, role]
        return await self.world.http.request(
            method, path.format(**ids), json=body, params=params, headers=headers
        )


@pytest.fixture(scope="module")
async def scene(shared: World) -> Scene:
    """One for all cells: asking again changes nothing."""
    plan = await stored(shared, post_job_steps(reward="10.00"))
    run_id = await a_run_of(shared, plan.plan_id)
    callers = {(t, r): await bearer(shared, t, r) for t in TENANTS for r in Role}
    ids = {"plan_id": plan.plan_id, "run_id": run_id, "confirmation_id": QUESTION}
    return Scene(shared, ids, callers)


async def a_run_of(world: World, plan_id: str) -> str:
    """The run of this plan, with an open question."""
    answer = await world.post("/execute", {"plan_id": plan_id})
    run_id: str = answer.json()["run_id"]
    await runs.begin(world, run_id, "post_job")
    await runs.ask(world, run_id)
    return run_id


async def bearer(world: World, tenant: str, role: Role) -> dict[str, str]:
    """A token of this role in this tenant, under one user id in both."""
    user = "operator" if role is Role.OPERATOR else f"some-{role.value}"
    async with world.deps.db.write() as session:
        token, _ = await tokens.create(
            session, user_id=user, tenant=tenant, role=role, ens=None, now=0.0
        )
    return {"Authorization": f"Bearer {token}"}


def cells() -> list[tuple[str, str, Role, Whose]]:
    """Every cell; a thing of acme's is foreign to the other tenant."""
    return [
        (name, tenant, role, whose)
        for name in MATRIX
        for tenant in TENANTS
        for role in Role
        for whose in (("own" if tenant == "acme" else "foreign"), "missing")
    ]


def test_no_route_hides_from_the_schema(shared: World) -> None:
    """The tables of this folder read the schema: what it leaves out would never be tried."""
    shown = {route.path for route in routes_of(shared)}
    served = {context.path for context in iter_route_contexts(shared.app.routes)}
    assert served <= shown


def test_every_route_has_its_row(shared: World) -> None:
    """A new route without one fails here."""
    served = {str(route) for route in routes_of(shared)} - {"POST /onebox/nope"}
    assert served == set(MATRIX)


@pytest.mark.parametrize(("name", "tenant", "role", "whose"), cells())
async def test_a_cell(scene: Scene, name: str, tenant: str, role: Role, whose: Whose) -> None:
    """Own: served. Too low a role: 403 whatever the id. Foreign: exactly as missing."""
    row, answer = MATRIX[name], await scene.ask(name, tenant, role, whose)
    if row.role is not None and rank(role) < rank(row.role):
        assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_FORBIDDEN")
    elif row.takes is None or whose == "own":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 404
    if whose == "foreign" and row.takes is not None:
        missing = await scene.ask(name, tenant, role, "missing")
        assert told(answer) == told(missing)
        assert not any(secret in answer.text for secret in ("acme", "post_job", DIGEST))


def rank(role: Role) -> int:
    """How much a role may."""
    return [Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.GOVERNANCE].index(role)


def told(answer: httpx.Response) -> tuple[object, ...]:
    """All that an answer tells but its own ids and the address that was asked for."""
    own = {"trace_id", "instance", "plan", "simulation"}
    body = answer.json() if "json" in answer.headers["content-type"] else answer.text
    said = {k: v for k, v in body.items() if k not in own} if isinstance(body, dict) else ""
    names = set(answer.headers) - {"content-length"}
    return answer.status_code, names, said


async def test_lists_hold_only_the_callers_own(scene: Scene) -> None:
    """The question of acme is in no list of the other tenant."""
    mine = await scene.ask("GET /onebox/confirmations", "acme", Role.VIEWER, "own")
    other = await scene.ask("GET /onebox/confirmations", "other", Role.GOVERNANCE, "foreign")
    assert {one["confirmation_id"] for one in mine.json()["confirmations"]} <= {QUESTION}
    assert other.json()["confirmations"] == []
