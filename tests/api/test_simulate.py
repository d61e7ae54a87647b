"""Simulate proves what can be proved, and says what cannot be yet."""

import pytest

from onebox.models import ChainIdentity, TxMode
from tests.api.plans import body_of, hashed, plan_of, post_job_steps, store_plan, stored
from tests.api.world import World


async def test_each_step_says_what_was_proved_of_it(world: World) -> None:
    """Pure and idempotent steps and the first transaction are dry-run; the rest is deferred."""
    plan = await stored(world)
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    assert answer.status_code == 200
    calls = {call["step_id"]: call for call in answer.json()["chain_calls"]}
    assert [call["status"] for call in calls.values()] == ["ok"] * 3 + ["deferred"] * 3
    assert calls["post_job"]["gas_estimate"] == "21000"
    assert calls["post_job"]["lines"] == ["🧪 create_job would do this"]
    assert all(calls[name]["reason"] for name in ("collect_submissions", "finalize_payout"))
    assert world.ics.intents() == ["screen", "pin", "create_job"]


async def test_references_are_resolved_from_dry_runs(world: World) -> None:
    """post_job is shown with the uri and the hash that pinning will give."""
    plan = await stored(world)
    await world.post("/simulate", {"plan_id": plan.plan_id})
    sent = world.ics.asked[-1]
    assert sent["params"]["job"]["uri"] == "ipfs://bafy"
    assert sent["confirm"] is False
    assert sent["meta"] == {"userId": "operator", "traceId": str(plan.metadata.trace_id)}


async def test_each_dry_run_names_the_rules_of_today(world: World) -> None:
    """ICS judges by tenant, policy, fees and the plan's maximum, as it will at execution."""
    plan = await stored(world)
    await world.post("/simulate", {"plan_id": plan.plan_id})
    names, book = ("Tenant", "Policy-Digest", "Fees-Digest", "Plan-Max"), world.deps.rulebook
    named = {tuple(headers[name] for name in names) for headers in world.ics.headers}
    assert named == {("acme", book.policy_digest, book.fees_digest, "52.50")}


async def test_a_failing_dry_run_blocks_and_the_rest_is_skipped(world: World) -> None:
    """422 BLOCKED carries the blocker, the risk details and the whole simulation."""
    plan = await stored(world)
    world.ics.fails["pin"] = {"code": "PARAM_INVALID", "message": "no title"}
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "BLOCKED")
    assert [(b["code"], b["step_id"], b["pointer"]) for b in body["blockers"]] == [
        ("PARAM_INVALID", "pin_spec", "/steps/1/params")
    ]
    assert body["blockers"][0]["fix"]
    assert body["simulation"]["blockers"] == body["blockers"]
    assert "risk_details" in body
    status = {c["step_id"]: c["status"] for c in body["simulation"]["chain_calls"]}
    assert (status["pin_spec"], status["post_job"]) == ("error", "skipped")


async def test_a_refusal_of_ics_is_a_blocker_not_a_fault(world: World) -> None:
    """An intent that ICS finds invalid blocks the step that it belongs to."""
    plan = await stored(world)
    world.ics.refuses["create_job"] = {"code": "INTENT_INVALID", "message": "deadline"}
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    assert answer.status_code == 422
    assert [b["code"] for b in answer.json()["blockers"]] == ["INTENT_INVALID"]


async def test_ics_down_is_503_with_retry_after(world: World) -> None:
    """The part is named; nothing is guessed."""
    plan = await stored(world)
    world.ics.down = True
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    assert answer.status_code == 503
    assert (answer.json()["code"], answer.json()["part"]) == ("ICS_UNAVAILABLE", "ics")
    assert int(answer.headers["Retry-After"]) >= 1


async def test_chain_down_is_503(world: World) -> None:
    """ICS answers, its chain does not."""
    plan = await stored(world)
    world.ics.chain = "no block for 60 s"
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    assert (answer.status_code, answer.json()["part"]) == (503, "chain")


@pytest.mark.parametrize(
    ("code", "part"), [("INTERNAL_ERROR", "ics"), ("CHAIN_UNAVAILABLE", "chain")]
)
async def test_a_dry_run_that_broke_off_is_503_and_no_blocker(
    world: World, code: str, part: str
) -> None:
    """It says something about ICS or its chain, nothing about the plan."""
    plan = await stored(world)
    world.ics.fails["create_job"] = {"code": code, "message": "broke off"}
    for path in ("/simulate", "/execute"):
        answer = await world.post(path, {"plan_id": plan.plan_id})
        assert (answer.status_code, answer.json()["part"]) == (503, part)


async def test_drift_is_503_naming_the_differences(world: World) -> None:
    """Fees on the chain that are not ours stop admission and simulation alike."""
    plan = await stored(world)
    world.ics.contract_json["chain"]["fees"]["feePct"] = 6
    for path in ("/simulate", "/execute"):
        answer = await world.post(path, {"plan_id": plan.plan_id})
        assert (answer.status_code, answer.json()["code"]) == (503, "CONTRACT_DRIFT")
        assert "feePct" in answer.json()["detail"]


async def test_an_expired_plan_is_410(world: World) -> None:
    """At simulate and at execute."""
    plan = await stored(world)
    world.clock.now += 86_400
    for path in ("/simulate", "/execute"):
        answer = await world.post(path, {"plan_id": plan.plan_id})
        assert (answer.status_code, answer.json()["code"]) == (410, "PLAN_EXPIRED")


async def test_a_stale_plan_is_409_naming_the_fields(world: World) -> None:
    """Tool digests, rules and chain of the day it was made."""
    plan = plan_of(world)
    chain = ChainIdentity(chain_id=1, registry=plan.basis.chain.registry, token="0x" + "9" * 40)
    tools = {**plan.basis.tools, "job.post": "0" * 64}
    basis = plan.basis.model_copy(update={"chain": chain, "rules": "0" * 64, "tools": tools})
    stale = await store_plan(world.deps, hashed(plan.model_copy(update={"basis": basis})))
    answer = await world.post("/simulate", {"plan_id": stale.plan_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_STALE")
    assert answer.json()["fields"] == [
        "/basis/tools/job.post",
        "/basis/rules",
        "/basis/chain/chainId",
        "/basis/chain/token",
    ]


async def test_an_imported_plan_is_stored_and_can_run(world: World) -> None:
    """A hand-made plan with a right digest enters here; after that its id is enough."""
    plan = plan_of(world)
    assert (await world.post("/simulate", body_of(plan))).status_code == 200
    assert (await world.post("/execute", {"plan_id": plan.plan_id})).status_code == 200


async def test_what_is_left_of_the_day_blocks(world: World) -> None:
    """52.50 of 100 are held: another 52.50 are too much today."""
    first = await stored(world)
    assert (await world.post("/execute", {"plan_id": first.plan_id})).status_code == 200
    second = await stored(world)
    answer = await world.post("/simulate", {"plan_id": second.plan_id})
    blocker = answer.json()["blockers"][0]
    assert blocker["code"] == "BUDGET_DAILY_EXCEEDED"
    assert (blocker["limit"], blocker["actual"]) == ("100.00", "105.00")
    assert "47.50" in blocker["message"]


@pytest.mark.parametrize("body", [{}, {"plan": None, "plan_id": None}])
async def test_exactly_one_of_plan_and_plan_id(world: World, body: dict[str, None]) -> None:
    """Neither is 422; so are both."""
    assert (await world.post("/simulate", body)).status_code == 422
    plan = await stored(world)
    both = {**body_of(plan), "plan_id": plan.plan_id}
    assert (await world.post("/simulate", both)).json()["code"] == "VALIDATION_ERROR"


async def test_a_cycle_is_422(world: World) -> None:
    """A plan that is no DAG is refused before anything is asked of it."""
    steps = post_job_steps()
    steps[0] = steps[0].model_copy(update={"needs": ["finalize_payout"]})
    answer = await world.post("/simulate", body_of(plan_of(world, steps)))
    assert (answer.status_code, answer.json()["code"]) == (422, "PLAN_INVALID")
    assert world.ics.asked == []


@pytest.mark.parametrize(
    ("mode", "roads", "codes"),
    [
        (TxMode.ERC4337, ["direct", "relayer"], ["TXMODE_UNSUPPORTED"]),
        (TxMode.RELAYER, ["direct"], ["TXMODE_UNSUPPORTED"]),
        (TxMode.RELAYER, ["direct", "relayer"], []),
        (TxMode.RAW, ["direct"], []),
    ],
)
async def test_a_road_that_the_chain_lacks_is_a_blocker(
    world: World, mode: TxMode, roads: list[str], codes: list[str]
) -> None:
    """The plan's txMode is judged by the roads that ICS names, before any dry run."""
    world.ics.contract_json["chain"]["roads"] = roads
    plan = plan_of(world)
    meta = plan.metadata.model_copy(update={"tx_mode": mode})
    plan = await store_plan(world.deps, hashed(plan.model_copy(update={"metadata": meta})))
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    assert [blocker["code"] for blocker in answer.json().get("blockers", [])] == codes
    assert (answer.status_code == 422, not world.ics.intents()) == (bool(codes), bool(codes))
