"""Who may do what: tokens, roles, tenants."""

import pytest

from onebox.models import Json
from store import tokens
from tests.api.plans import body_of, hashed, plan_of, stored
from tests.api.world import World

GETS = [
    "/status?run_id=x",
    "/runs/x/lines",
    "/runs/x/receipt",
    "/confirmations",
    "/confirmations/x",
]
POSTS = ["/plan", "/simulate", "/execute", "/confirmations/x/verdict"]
ROUTES = [*(("GET", path) for path in GETS), *(("POST", path) for path in POSTS)]
BAD_CREDENTIALS: dict[str, tuple[dict[str, str], str]] = {
    "none": ({}, "AUTH_MISSING"),
    "empty": ({"Authorization": ""}, "AUTH_MISSING"),
    "another scheme": ({"Authorization": "Basic b3BlcmF0b3I6eA=="}, "AUTH_MISSING"),
    "no token": ({"Authorization": "Bearer "}, "AUTH_INVALID"),
    "unknown": ({"Authorization": "Bearer obx_nope"}, "AUTH_INVALID"),
    "not ASCII": ({"Authorization": "Bearer \xff\xfe"}, "AUTH_INVALID"),
    "SQL": ({"Authorization": "Bearer ' OR 1=1 --"}, "AUTH_INVALID"),
}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_route_wants_a_token(world: World, method: str, path: str) -> None:
    """No anonymous mode: 401 before ids, roles and bodies are looked at."""
    answer = await world.http.request(method, f"/onebox{path}", content=b"{nonsense")
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_MISSING")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_table_above_has_every_route(world: World) -> None:
    """A new route without a row here fails."""
    shown = world.app.openapi()["paths"]
    listed = {path.split("?")[0].replace("/x", "/{}") for _, path in ROUTES}
    names = {path.removeprefix("/onebox") for path in shown if path.startswith("/onebox")}
    assert {_blank(name) for name in names} == listed


def _blank(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize(("headers", "code"), BAD_CREDENTIALS.values(), ids=BAD_CREDENTIALS)
async def test_bad_credentials_are_401(world: World, headers: dict[str, str], code: str) -> None:
    """Missing and wrong are told apart, and nothing else is."""
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await world.http.get("/onebox/confirmations", headers=encoded)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_two_authorization_headers_are_401(world: World) -> None:
    """Nobody knows which one another part would read."""
    value = world.auth("operator")["Authorization"]
    pair = [("Authorization", value), ("Authorization", value)]
    answer = await world.http.get("/onebox/confirmations", headers=pair)
    assert answer.json()["code"] == "AUTH_INVALID"


async def test_a_revoked_token_is_401(world: World) -> None:
    """From the moment that it is revoked."""
    async with world.deps.db.write() as session:
        row = await tokens.find(session, world.tokens["operator"])
        assert row is not None
        await tokens.revoke(session, row.id, 1.0)
    answer = await world.get("/confirmations")
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_INVALID")


@pytest.mark.parametrize(
    ("user", "allowed"),
    [("viewer", False), ("operator", True), ("approver", True), ("governance", True)],
)
async def test_who_may_execute_and_confirm(world: World, *, user: str, allowed: bool) -> None:
    """A viewer simulates but neither executes nor answers; 403 even before 422."""
    plan = await stored(world)
    simulated = await world.post("/simulate", {"plan_id": plan.plan_id}, user)
    assert simulated.status_code == 200
    for path, body in (
        ("/execute", {"plan_id": "a" * 64}),
        (f"/confirmations/{'a' * 32}/verdict", {"verdict": "reject", "digest": "a" * 64}),
    ):
        answer = await world.post(path, body, user)
        assert answer.status_code == (404 if allowed else 403)
        assert allowed or answer.json()["code"] == "ROLE_FORBIDDEN"
    assert allowed or (await world.post("/execute", {"wrong": 1}, user)).status_code == 403


async def test_another_tenants_things_do_not_exist(world: World) -> None:
    """The same 404 as for what was never there."""
    plan = await stored(world)
    run_id = (await world.post("/execute", {"plan_id": plan.plan_id})).json()["run_id"]
    missing = "run_" + "0" * 32
    for path in ("/status?run_id={}", "/runs/{}/lines", "/runs/{}/receipt"):
        foreign = await world.get(path.format(run_id), "stranger")
        unknown = await world.get(path.format(missing), "stranger")
        assert (foreign.status_code, foreign.json()["code"]) == (404, "RUN_NOT_FOUND")
        assert foreign.json()["detail"] == unknown.json()["detail"]
    for path in ("/simulate", "/execute"):
        body: Json
        for body in ({"plan_id": plan.plan_id}, body_of(plan)):
            answer = await world.post(path, body, "stranger")
            assert (answer.status_code, answer.json()["code"]) == (404, "PLAN_NOT_FOUND")


async def test_nobody_acts_as_somebody_else(world: World) -> None:
    """meta.userId comes from the token; another one is 403, also in an imported plan."""
    asked = {"input_text": "Apply to job 42", "meta": {"userId": "governance"}}
    answer = await world.post("/plan", asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "ACTOR_FORBIDDEN")
    imported = await world.post("/simulate", body_of(plan_of(world)), "approver")
    assert (imported.status_code, imported.json()["code"]) == (403, "ACTOR_FORBIDDEN")


@pytest.mark.parametrize("run_id", ["x", "../etc/passwd", "run_'--", "run_\x00", "run_" + "A" * 32])
async def test_odd_run_ids_are_404(world: World, run_id: str) -> None:
    """By the grammar of ids, before the store is asked."""
    answer = await world.get("/status", run_id=run_id)
    assert (answer.status_code, answer.json()["code"]) == (404, "RUN_NOT_FOUND")


async def test_an_edited_plan_is_409(world: World) -> None:
    """Whatever was edited, the digest tells."""
    plan = await stored(world)
    body = body_of(plan)
    body["plan"]["budget"]["max"] = "1.00"
    for path in ("/simulate", "/execute"):
        answer = await world.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_DIGEST_MISMATCH")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"revises": "a" * 64}, "/revises"),
        ({"created_at": "yesterday"}, "/created_at"),
        ({"created_at": "2999-01-01T00:00:00Z"}, "/created_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "/expires_at"),
    ],
)
async def test_an_imported_plan_says_what_the_server_would(
    world: World, changes: Json, pointer: str
) -> None:
    """422 names the first member that differs."""
    answer = await world.post("/simulate", body_of(plan_of(world, **changes)))
    assert (answer.status_code, answer.json()["code"]) == (422, "PLAN_INVALID")
    assert answer.json()["pointer"] == pointer


async def test_an_imported_plan_cannot_bring_its_own_rules(world: World) -> None:
    """Policies, cap and budget are what the server computes."""
    plan = plan_of(world)
    budget = plan.budget.model_copy(update={"cap": "999999.00"})
    policies = plan.policies.model_copy(update={"require_validator": False})
    for changes, pointer in (
        ({"budget": budget}, "/budget/cap"),
        ({"policies": policies}, "/policies"),
    ):
        answer = await world.post("/simulate", body_of(hashed(plan.model_copy(update=changes))))
        assert answer.json()["pointer"] == pointer
