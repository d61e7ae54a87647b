"""Execute admits a plan once, holds its money, and never loses a run."""

import asyncio

from sqlalchemy import select

from onebox.models import Json
from store import budgets, runs
from store.tables import AuditRow, BudgetDayRow, RunRow
from tests.api.plans import body_of, plan_of, post_job_steps, store_plan, stored
from tests.api.scripted_ics import HEAD
from tests.api.world import World

MONEY = ["post_job", "finalize_payout"]


async def _run(world: World, run_id: str) -> RunRow:
    async with world.deps.db.read() as session:
        return await runs.load(session, run_id, "acme")


async def test_execute_answers_run_id_started_at_plan_id(world: World) -> None:
    """The answer is the contract's three members, 200, with a Location."""
    plan = await stored(world)
    answer = await world.post("/execute", {"plan_id": plan.plan_id, "approvals": MONEY})
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"run_id", "started_at", "plan_id"}
    assert body["started_at"] == world.clock.now
    assert answer.headers["Location"] == f"/onebox/status?run_id={body['run_id']}"
    assert world.engine.started == [body["run_id"]]


async def test_admission_fixes_deadline_approvals_and_hold(world: World) -> None:
    """The run row has what the workflow needs; the day holds the escrow."""
    plan = await stored(world, post_job_steps("50.00", 3))
    run_id = (await world.post("/execute", {"plan_id": plan.plan_id, "approvals": MONEY})).json()[
        "run_id"
    ]
    row = await _run(world, run_id)
    assert row.deadlines == {"post_job": HEAD + 3 * 86_400}
    assert row.approvals == MONEY
    assert row.workflow_started_at == world.clock.now
    async with world.deps.db.read() as session:
        day = await budgets.load(session, "acme", row.day)
        audited = list(await session.scalars(select(AuditRow.event)))
    assert day.held == 525 * 10**17
    assert audited == ["run.admitted"]


async def test_a_deadline_at_the_chains_limit_keeps_a_minute(world: World) -> None:
    """Seven days are the limit of the local chain: 60 seconds less."""
    plan = await stored(world, post_job_steps("50.00", 7))
    run_id = (await world.post("/execute", {"plan_id": plan.plan_id})).json()["run_id"]
    assert (await _run(world, run_id)).deadlines == {"post_job": HEAD + 7 * 86_400 - 60}


async def test_executing_again_returns_the_first_run(world: World) -> None:
    """Also when ICS and Temporal are down, and when the plan has expired since."""
    plan = await stored(world)
    first = await world.post("/execute", {"plan_id": plan.plan_id})
    world.ics.down = world.engine.down = True
    world.clock.now += 2 * 86_400
    again = await world.post("/execute", body_of(plan))
    assert again.status_code == 200
    assert again.json() == first.json()


async def test_a_plan_that_expires_while_it_is_dry_run_is_not_admitted(world: World) -> None:
    """It was in time when it was asked for; what would be stored is looked at once more."""
    plan = await stored(world)

    async def a_day_passes() -> None:
        world.clock.now += 86_400

    world.ics.meanwhile = a_day_passes
    answer = await world.post("/execute", {"plan_id": plan.plan_id})
    assert (answer.status_code, answer.json()["code"]) == (410, "PLAN_EXPIRED")
    assert world.engine.started == []
    async with world.deps.db.read() as session:
        assert await runs.of_plan(session, plan.plan_id) is None
        assert list(await session.scalars(select(BudgetDayRow.held))) in ([], ["0"])


async def test_a_request_that_its_twin_overtook_gets_the_twins_run(world: World) -> None:
    """What the twin took is missing when the slower one is checked: that is no reason to block."""
    plan = await stored(world)
    twins = []

    async def twin() -> None:
        twins.append(await world.post("/execute", {"plan_id": plan.plan_id}))
        world.ics.fails["create_job"] = {"code": "INSUFFICIENT_BALANCE", "message": "all spent"}

    world.ics.meanwhile = twin
    slower = await world.post("/execute", {"plan_id": plan.plan_id})
    assert [slower.json()] == [answer.json() for answer in twins]
    assert slower.status_code == 200


async def test_twelve_executes_at_once_make_one_run(world: World) -> None:
    """All get the same answer; one hold is taken."""
    plan = await stored(world)
    asks = [world.post("/execute", {"plan_id": plan.plan_id}) for _ in range(12)]
    answers = await asyncio.gather(*asks)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    async with world.deps.db.read() as session:
        row = await runs.of_plan(session, plan.plan_id)
        assert row is not None
        assert (await budgets.load(session, "acme", row.day)).used == 525 * 10**17


async def test_three_plans_at_once_admit_what_fits_the_day(world: World) -> None:
    """Each takes 42 of 100: two fit, the third is blocked with limit and actual."""
    plans = [await stored(world, post_job_steps("40.00")) for _ in range(3)]
    asks = [world.post("/execute", {"plan_id": plan.plan_id}) for plan in plans]
    answers = await asyncio.gather(*asks)
    refused = [answer.json() for answer in answers if answer.status_code == 422]
    assert [answer.status_code for answer in answers].count(200) == 2
    assert [body["code"] for body in refused] == ["BLOCKED"]
    blocker = refused[0]["blockers"][0]
    assert (blocker["code"], blocker["limit"], blocker["actual"]) == (
        "BUDGET_DAILY_EXCEEDED",
        "100.00",
        "126.00",
    )
    assert refused[0]["simulation"]["blockers"] == refused[0]["blockers"]


async def test_a_run_remembers_the_rules_that_it_was_admitted_under(world: World) -> None:
    """Its row names policy and fees, so that an edit of config/ does not change a running run."""
    plan = await stored(world)
    run_id = (await world.post("/execute", {"plan_id": plan.plan_id})).json()["run_id"]
    row, book = await _run(world, run_id), world.deps.rulebook
    assert (row.policy_digest, row.fees_digest) == (book.policy_digest, book.fees_digest)


async def test_an_approval_must_name_a_money_step(world: World) -> None:
    """A typo would ask again in the middle of the night: 422 names its place."""
    plan = await stored(world)
    body: Json = {"plan_id": plan.plan_id, "approvals": ["post_job", "pin_spec", "nope"]}
    answer = await world.post("/execute", body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "VALIDATION_ERROR"
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["/approvals/1", "/approvals/2"]


async def test_temporal_down_admits_nothing(world: World) -> None:
    """503 names the part; no run, no hold."""
    plan = await stored(world)
    world.engine.down = True
    answer = await world.post("/execute", {"plan_id": plan.plan_id})
    assert answer.status_code == 503
    assert (answer.json()["code"], answer.json()["part"]) == ("TEMPORAL_UNAVAILABLE", "temporal")
    assert int(answer.headers["Retry-After"]) >= 1
    async with world.deps.db.read() as session:
        assert await runs.of_plan(session, plan.plan_id) is None


async def test_a_start_that_fails_after_admission_is_left_to_a_repeat(world: World) -> None:
    """The run row is the outbox: the caller has its run, a repeat starts it."""
    plan = await stored(world)
    world.engine.fails_to_start = True
    first = await world.post("/execute", {"plan_id": plan.plan_id})
    assert first.status_code == 200
    assert world.engine.started == []
    world.engine.fails_to_start = False
    again = await world.post("/execute", {"plan_id": plan.plan_id})
    assert again.json() == first.json()
    assert world.engine.started == [first.json()["run_id"]]


async def test_a_plan_that_nobody_simulated_is_not_executed(world: World) -> None:
    """Only simulate imports: an unknown plan with a right digest is 404 here."""
    answer = await world.post("/execute", body_of(plan_of(world)))
    assert (answer.status_code, answer.json()["code"]) == (404, "PLAN_NOT_FOUND")


async def test_execute_blocks_like_simulate(world: World) -> None:
    """A dry run that fails blocks the admission, too."""
    plan = await stored(world)
    world.ics.fails["create_job"] = {"code": "INSUFFICIENT_BALANCE", "message": "1.00 short"}
    answer = await world.post("/execute", {"plan_id": plan.plan_id})
    assert answer.status_code == 422
    assert [b["code"] for b in answer.json()["blockers"]] == ["INSUFFICIENT_BALANCE"]


async def test_a_deadline_that_is_a_reference_is_refused(world: World) -> None:
    """Nobody can turn it into an instant at admission: 422, not 500."""
    steps = post_job_steps("50.00", {"$from": "pin_spec", "path": "days"})
    plan = await store_plan(world.deps, plan_of(world, steps))
    answer = await world.post("/execute", {"plan_id": plan.plan_id})
    assert answer.status_code == 422
    assert answer.json()["code"] in {"PLAN_INVALID", "BLOCKED"}
