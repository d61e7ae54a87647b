"""A step goes on under what its run was admitted with, and only as the plan that was hashed."""

from typing import Any

import pytest
from sqlalchemy import update
from temporalio.testing import ActivityEnvironment

from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.digest import canonical, key_of
from onebox.models import Json, Meta, StepState
from onebox.run import StepEnd, StepResult, StepTask
from store.tables import PlanRow, RunRow
from tests.activities.conftest import RUN, SCREEN, STAKE, World
from tests.support.builders import TRACE
from tests.support.fake_ics import Answer

POLICY, FEES = "c" * 64, "d" * 64


async def run(world: World, task: StepTask) -> StepResult:
    """One attempt."""
    result: StepResult = await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    return result


async def change(world: World, table: type[Any], **values: Any) -> None:
    """Write into the one row of a table behind everybody's back."""
    async with world.db.write() as session:
        await session.execute(update(table).values(**values))


def named(world: World) -> dict[str, str | None]:
    """The rules that the last call named."""
    headers = world.ics.posts[-1][1]
    names = ("tenant", "policy-digest", "fees-digest", "plan-max")
    return {name: headers.get(name) for name in names}


async def test_money_is_sent_under_the_rules_of_the_admission(world: World) -> None:
    """config/ was edited since: the run's own digests are named, and its plan's maximum."""
    await change(world, RunRow, policy_digest=POLICY, fees_digest=FEES)
    await run(world, world.task(STAKE))
    assert named(world) == {
        "tenant": "acme",
        "policy-digest": POLICY,
        "fees-digest": FEES,
        "plan-max": "20.00",
    }


async def test_a_preview_is_judged_by_the_same_rules(world: World) -> None:
    """What would be refused is never asked about."""
    await change(world, RunRow, policy_digest=POLICY, fees_digest=FEES)
    error = {"code": "TOOL_NOT_ALLOWED", "message": "no"}
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="rejected", error=error)]
    result = await run(world, world.task(STAKE, approved=False, preview=True))
    assert named(world)["policy-digest"] == POLICY
    assert result.error is not None
    assert result.error.code == "TOOL_NOT_ALLOWED"


async def test_a_step_that_moves_nothing_names_policy_and_fees(world: World) -> None:
    """The policy covers every tool; the plan's maximum is for money."""
    await change(world, RunRow, policy_digest=POLICY, fees_digest=FEES)
    await run(world, world.task(SCREEN))
    assert named(world) == {
        "tenant": "acme",
        "policy-digest": POLICY,
        "fees-digest": FEES,
        "plan-max": None,
    }


async def test_a_repeated_question_names_the_same_rules(world: World) -> None:
    """Reconciling follows the key with the very headers that it was sent with."""
    await change(world, RunRow, policy_digest=POLICY, fees_digest=FEES)
    world.ics.script["stake"] = [Answer(b"x\n", breaks=True)]
    assert (await run(world, world.task(STAKE))).end is StepEnd.SENT
    sent = named(world)
    world.ics.keys[key_of(RUN, STAKE.id, 0)] = Answer(b"x\n")
    done = await ActivityEnvironment().run(Reconcile(world.deps).reconcile, world.task(STAKE))
    assert done.state is StepState.COMPLETED
    assert (len(world.ics.posts), named(world)) == (2, sent)


async def test_a_run_of_before_goes_on_under_the_rules_of_today(world: World) -> None:
    """Its row names none."""
    await run(world, world.task(STAKE))
    assert named(world)["policy-digest"] == world.deps.handshake.rulebook.policy_digest


async def test_a_tenant_may_have_any_name(world: World) -> None:
    """Headers are ASCII; the name is not lost."""
    await change(world, RunRow, tenant="café & co")
    await change(world, PlanRow, tenant="café & co")
    await run(world, world.task(STAKE))
    assert named(world)["tenant"] == "caf%C3%A9%20%26%20co"


def altered(world: World, **changes: Any) -> bytes:
    """The stored plan with something else in it, under its old id."""
    body: Json = world.plan.model_dump(mode="json", by_alias=True)
    return canonical({**body, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {"userId": "agent", "traceId": TRACE}},
        {"budget": {"token": "AGIALPHA", "max": "90.00", "cap": "100.00"}},
        {"steps": []},
        {"steps": 7},
    ],
)
async def test_an_altered_plan_is_refused_at_the_claim(world: World, changes: Json) -> None:
    """Somebody wrote into the store: the digest is computed again before anything is claimed."""
    await change(world, PlanRow, body=altered(world, **changes))
    result = await run(world, world.task(STAKE))
    assert result.error is not None
    assert result.error.code == "PLAN_DIGEST_MISMATCH"
    assert (await world.movement()).state == "held"
    assert world.ics.posts == []


META = Meta.model_validate({"userId": "agent", "traceId": TRACE})
MORE = STAKE.model_copy(update={"params": {"stake": {"amountAGIA": "90", "role": "agent"}}})


@pytest.mark.parametrize("change_", [{"meta": META}, {"step": MORE}], ids=["meta", "step"])
async def test_a_task_that_is_not_of_its_plan_is_refused(world: World, change_: Json) -> None:
    """The workflow's copy was altered: another signer, another amount."""
    result = await run(world, world.task(STAKE).model_copy(update=change_))
    assert result.error is not None
    assert result.error.code == "PLAN_DIGEST_MISMATCH"
    assert world.ics.posts == []
