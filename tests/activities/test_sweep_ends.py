"""The sweep ends what nobody else can, once what was sent is proved: each case fails without it."""

from dataclasses import replace

import pytest

from activities.reconcile import UNKNOWN
from activities.sweep import GRACE_SECONDS
from onebox.digest import key_of
from onebox.models import RunState, StepState
from store import steps, waits
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.activities.swept import (
    FakeEngine,
    claimed,
    expires,
    failed,
    run_row,
    sent,
    started,
    sweep,
)
from tests.support.fake_ics import Answer


async def test_a_terminated_run_ends_from_its_rows_and_gives_its_holds_back(
    world: World,
) -> None:
    """Somebody terminated the workflow in the Web UI."""
    await started(world)
    await sweep(world, FakeEngine(how="terminated"))
    row = await run_row(world)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "RUN_INTERRUPTED")
    assert (await world.movement()).state == "released"


async def test_a_run_that_is_being_started_is_not_taken_for_one_that_vanished(
    world: World,
) -> None:
    """Admitted a moment ago, Temporal has no workflow yet: that is no end."""
    await sweep(world, FakeEngine(how="vanished"))
    assert not RunState((await run_row(world)).state).final
    assert (await world.movement()).state == "held"


async def test_an_expired_plan_whose_money_was_sent_ends_by_proof(world: World) -> None:
    """The note that it started was lost and its workflow is gone: what was sent is proved first."""
    answer = Answer(b"staked\n", breaks=True, outputs={"amount": "20.00"})
    await sent(world, answer)
    world.ics.keys[key_of(RUN, STAKE.id, 0)] = replace(answer, breaks=False)
    world.clock.now += GRACE_SECONDS + 1
    await expires(world, world.clock() - 1)
    await sweep(world, FakeEngine(how="vanished"))
    assert ((await run_row(world)).error or {})["code"] == "RUN_INTERRUPTED"
    assert (await world.movement()).state == "confirmed"


async def test_a_terminated_run_ends_once_its_sent_movement_is_proved(world: World) -> None:
    """ICS did it: the sweep stores result and movement, then the run ends from its rows."""
    answer = Answer(b"staked\n", breaks=True, outputs={"amount": "20.00"})
    await claimed(world, answer)
    world.ics.keys[key_of(RUN, STAKE.id, 0)] = replace(answer, breaks=False)
    await sweep(world, FakeEngine(how="terminated"))
    row = await run_row(world)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "RUN_INTERRUPTED")
    assert await world.state(STAKE) is StepState.COMPLETED
    assert (await world.movement()).state == "confirmed"
    assert await world.text() == b"staked\n"


async def test_a_terminated_run_gives_back_what_ics_never_saw(world: World) -> None:
    """The key is fenced first: a late request cannot run any more."""
    await claimed(world, Answer(breaks=True, taken=False))
    await sweep(world, FakeEngine(how="terminated"))
    assert world.ics.fenced == [key_of(RUN, STAKE.id, 0)]
    assert (await run_row(world)).state == RunState.FAILED
    assert (await world.movement()).state == "released"


async def test_a_terminated_run_of_which_nobody_can_tell_says_so_until_somebody_can(
    world: World,
) -> None:
    """Unknown and named in status; the hold stays; a later sweep ends it."""
    await claimed(world, Answer(outcome="in_progress"))
    engine = FakeEngine(how="terminated")
    await sweep(world, engine)
    assert not RunState((await run_row(world)).state).final
    assert await world.state(STAKE) is StepState.UNKNOWN
    assert (await world.movement()).state == "unknown"
    async with world.db.read() as session:
        (wait,) = await waits.of_run(session, RUN)
    assert wait.waiting_for.startswith(UNKNOWN)
    world.ics.keys[key_of(RUN, STAKE.id, 0)] = Answer(outcome="rejected")
    await sweep(world, engine)
    assert (await run_row(world)).failed_step == STAKE.id
    assert (await world.movement()).state == "released"


async def test_a_cancelled_run_without_a_recorded_end_ends_as_cancelled(world: World) -> None:
    """The workflow closed as cancelled and its rows never heard."""
    await started(world)
    await sweep(world, FakeEngine(how="canceled"))
    row = await run_row(world)
    assert (row.state, row.error) == (RunState.CANCELLED, None)


@pytest.mark.parametrize("how", ["canceled", "terminated", "vanished"])
async def test_a_run_with_a_failed_step_failed_however_its_workflow_ended(
    world: World, how: str
) -> None:
    """It names the step and keeps its reason, which nobody's cancelling undoes."""
    await started(world)
    await failed(world, SCREEN)
    await sweep(world, FakeEngine(how=how))
    row = await run_row(world)
    assert (row.state, row.failed_step) == (RunState.FAILED, SCREEN.id)
    assert (row.error or {})["code"] == "MODERATION_REJECTED"


async def test_a_run_whose_steps_are_all_done_is_recorded_as_succeeded(world: World) -> None:
    """The workflow ended and the process died before its end was recorded."""
    await started(world)
    async with world.db.write() as session:
        for step in (SCREEN, COLLECT, STAKE):
            await steps.settle(
                session,
                RUN,
                step.id,
                0,
                state=StepState.COMPLETED,
                outputs={},
                receipt=None,
                error=None,
                now=world.clock(),
            )
    await sweep(world, FakeEngine(how="completed"))
    assert (await run_row(world)).state == RunState.SUCCEEDED
