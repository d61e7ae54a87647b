"""run_step: claimed before its first byte, settled once, unclear where it must be."""

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from onebox.digest import key_of, step_digest
from onebox.models import RunState, StepState
from onebox.run import StepEnd, StepResult, StepTask
from store import runs
from tests.activities.conftest import RUN, SCREEN, STAKE, World
from tests.support.fake_ics import Answer


async def run(world: World, task: StepTask) -> StepResult:
    """One attempt."""
    result: StepResult = await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    return result


async def test_a_pure_step_stores_its_lines_and_its_result(world: World) -> None:
    """Lines verbatim, outputs from the typed outcome."""
    world.ics.script["screen"] = [
        Answer(b"ok\r\n\xff\xfe\nlast", outputs={"warnings": [], "fingerprint": "f"})
    ]
    result = await run(world, world.task(SCREEN))
    assert (result.end, result.state) == (StepEnd.SETTLED, StepState.COMPLETED)
    assert result.outputs["fingerprint"] == "f"
    assert await world.text() == b"ok\r\n\xff\xfe\nlast"
    assert result.lines == 3


async def test_money_is_claimed_with_digest_and_verdict_and_settled(world: World) -> None:
    """The headers name key, digest and yes; the movement ends confirmed and settled."""
    world.ics.script["stake"] = [Answer("✅ Deposited\n".encode(), outputs={"amount": "20.00"})]
    result = await run(world, world.task(STAKE))
    assert result.state is StepState.COMPLETED
    body, headers = world.ics.posts[0]
    assert headers["idempotency-key"] == key_of(RUN, STAKE.id, 0)
    assert headers["verdict-ref"] == f"approval:{world.plan.plan_id}:{STAKE.id}"
    assert headers["step-digest"] == step_digest(
        plan_id=world.plan.plan_id,
        step_id=STAKE.id,
        gen=0,
        intent="stake",
        params=body["params"],
        meta=body["meta"],
    )
    movement = await world.movement()
    assert (movement.state, movement.bucket, movement.digest) == (
        "confirmed",
        "settled",
        headers["step-digest"],
    )


@pytest.mark.parametrize(
    "lie", ["✅ Job posted with ID 7.", "⛓️ Tx submitted: 0xabc", "✅ Deposited 20 AGIALPHA."]
)
async def test_success_is_never_read_out_of_the_text(world: World, lie: str) -> None:
    """The outcome says rejected; what the lines say does not matter."""
    error = {"code": "INSUFFICIENT_BALANCE", "message": "top up"}
    world.ics.script["stake"] = [Answer(f"{lie}\n".encode(), outcome="rejected", error=error)]
    result = await run(world, world.task(STAKE))
    assert result.state is StepState.FAILED
    assert result.error is not None
    assert result.error.code == "INSUFFICIENT_BALANCE"
    assert (await world.movement()).state == "rejected"


async def test_a_line_that_breaks_off_leaves_money_unclear_not_failed(world: World) -> None:
    """After the first byte only ICS can say what happened."""
    world.ics.script["stake"] = [Answer(b"half a li", breaks=True)]
    result = await run(world, world.task(STAKE))
    assert result.end is StepEnd.SENT
    assert (await world.movement()).state == "sent"
    assert await world.state(STAKE) is StepState.RUNNING


async def test_a_second_attempt_never_sends_again(world: World) -> None:
    """The claim row is the guard: the attempt after a killed one goes to reconcile."""
    world.ics.script["stake"] = [Answer(b"x\n", breaks=True)]
    await run(world, world.task(STAKE))
    result = await run(world, world.task(STAKE))
    assert result.end is StepEnd.SENT
    assert len(world.ics.posts) == 1


async def test_an_attempt_after_the_settling_one_repeats_its_result(world: World) -> None:
    """The worker died between the commit and its answer to Temporal."""
    first = await run(world, world.task(STAKE))
    second = await run(world, world.task(STAKE))
    assert second.state is first.state is StepState.COMPLETED
    assert len(world.ics.posts) == 1


async def test_while_ics_is_down_nothing_is_claimed_and_status_says_so(world: World) -> None:
    """The attempt hands back a delay; the wait names the part."""
    world.ics.down = True
    with pytest.raises(ApplicationError) as caught:
        await run(world, world.task(STAKE))
    assert caught.value.next_retry_delay is not None
    assert "ICS_UNAVAILABLE" in str(caught.value)
    assert (await world.movement()).state == "held"
    assert await world.state(STAKE) is StepState.WAITING
    world.ics.down = False
    assert (await run(world, world.task(STAKE))).state is StepState.COMPLETED


async def test_another_fee_on_the_other_side_stops_the_claim(world: World) -> None:
    """Drift found right before sending is an outage, not a payment."""
    world.ics.contract_json["fees"]["digest"] = "0" * 64
    with pytest.raises(ApplicationError, match="CONTRACT_DRIFT"):
        await run(world, world.task(STAKE))
    assert (await world.movement()).state == "held"


async def test_a_refused_request_is_fenced_and_then_failed(world: World) -> None:
    """ICS took no intent in; the tombstone proves that nothing moved."""
    world.ics.script["stake"] = [Answer(refusal=(409, "KEY_REUSED"))]
    result = await run(world, world.task(STAKE))
    assert result.error is not None
    assert result.error.code == "KEY_REUSED"
    assert world.ics.fenced == [key_of(RUN, STAKE.id, 0)]
    assert (await world.movement()).state == "rejected"


async def test_params_that_do_not_fit_are_never_sent(world: World) -> None:
    """Full validation stands right before sending."""
    wrong = STAKE.model_copy(update={"params": {"stake": {"amountAGIA": "1e3", "role": "agent"}}})
    result = await run(world, world.task(wrong))
    assert result.error is not None
    assert result.error.code == "PARAM_INVALID"
    assert world.ics.posts == []


async def test_an_ended_run_does_nothing_more(world: World) -> None:
    """Somebody reset the workflow of an ended run in the Web UI: no call, no line, no money."""
    async with world.db.write() as session:
        await runs.finish(
            session, RUN, state=RunState.CANCELLED, failed_step=None, error=None, now=world.clock()
        )
    result = await run(world, world.task(STAKE))
    assert result.error is not None
    assert result.error.code == "RUN_ENDED"
    assert world.ics.posts == []


@pytest.mark.parametrize("outcome", ["executed", "in_progress", "rejected"])
async def test_a_refusal_of_a_key_that_ran_is_no_proof(world: World, outcome: str) -> None:
    """ICS refuses the request, but its fence says that the key was there: reconcile must ask."""
    world.ics.open[key_of(RUN, STAKE.id, 0)] = Answer(outcome=outcome)
    world.ics.script["stake"] = [Answer(refusal=(409, "KEY_REUSED"))]
    result = await run(world, world.task(STAKE))
    assert (result.end, result.state) == (StepEnd.SENT, StepState.UNKNOWN)
    assert (await world.movement()).state == "sent"
