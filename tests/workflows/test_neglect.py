"""What was left half-said because something had died, on a real server.

The activities are the product's, on a real store; ICS is scripted.
"""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import ScheduleActionStartWorkflow, ScheduleHandle
from temporalio.service import RPCError

from onebox.digest import key_of
from onebox.models import RunState, StepState
from store import runs
from tests.activities.conftest import SCREEN, STAKE
from tests.support.fake_ics import Answer
from tests.workflows.admitted import admitted
from tests.workflows.live import Live
from workflows.sweep import Sweep
from workflows.worker import keep_scheduled, schedule_sweep

pytestmark = pytest.mark.live
SHOWN = Answer(b"would stake\n", outcome="dry_run")
STAKED = Answer(b"staked\n", outputs={"amount": "20.00"})
WAITING = Answer(outcome="waiting", retry_after=60, waiting_for="a submission")


async def test_admitted_and_not_started_the_sweep_workflow_starts_it(live: Live) -> None:
    """The API died between its commit and the start."""
    row, _ = await admitted(live.world, SCREEN, now=time.time() - 60)
    async with live.worker():
        queue = live.engine.task_queue
        await live.client.execute_workflow(Sweep.run, id=f"sweep:{queue}", task_queue=queue)
        ended = await live.ended(row.run_id)
    assert ended.state == RunState.SUCCEEDED
    assert ended.workflow_started_at is not None


async def test_started_twice_it_runs_once(live: Live) -> None:
    """While it runs and after its end; the sweep starts it a third time for want of a mark."""
    live.ics.script["stake"] = [STAKED]
    row, plan = await admitted(live.world, STAKE, now=time.time() - 60, approvals=[STAKE.id])
    await live.engine.start(row, plan)
    await live.engine.start(row, plan)
    async with live.worker():
        await live.sweep()
        await live.ended(row.run_id)
        await live.engine.start(row, plan)
        await live.sweep()
    assert len([body for body, _ in live.ics.posts if body["intent"] == "stake"]) == 1
    assert await live.engine.ended(row.run_id) == "completed"


async def test_a_nudge_that_was_lost_is_sent_by_the_sweep(live: Live) -> None:
    """The answer was stored while neither worker nor API lived to tell it."""
    live.ics.script["stake:dry"] = [SHOWN]
    live.ics.script["stake"] = [STAKED]
    async with live.worker():
        run_id = await live.started(STAKE)
        await live.until(run_id, STAKE.id, StepState.AWAITING_CONFIRMATION)
    await live.answer(run_id, STAKE.id, "approve")
    await live.sweep()
    async with live.worker():
        assert (await live.ended(run_id)).state == RunState.SUCCEEDED


async def test_silence_rejects_though_no_worker_ran_when_it_was_due(live: Live) -> None:
    """The sweep expires the question; the workflow hears of it when it has a worker."""
    live.deps = replace(live.deps, confirmation_ttl=1.0)
    live.ics.script["stake:dry"] = [SHOWN]
    async with live.worker():
        run_id = await live.started(STAKE)
        await live.until(run_id, STAKE.id, StepState.AWAITING_CONFIRMATION)
    live.deps = replace(live.deps, clock=lambda: time.time() + 5)
    await live.sweep()
    async with live.worker():
        row = await live.ended(run_id)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "CONFIRMATION_EXPIRED")


async def test_an_expired_plan_is_not_started(live: Live) -> None:
    """It was admitted, and then nothing ran until it was too old."""
    row, _ = await admitted(live.world, STAKE, now=time.time() - 60, valid=30)
    await live.sweep()
    ended = await live.row(row.run_id)
    assert (ended.state, (ended.error or {})["code"]) == (RunState.FAILED, "PLAN_EXPIRED")
    assert await live.engine.ended(row.run_id) == "vanished"


async def test_a_worker_that_dies_while_money_is_under_way_leaves_it_to_the_next(
    live: Live,
) -> None:
    """ICS has the request, nobody hears its answer; the next worker asks by key."""
    live.ics.script["stake"] = [STAKED]
    live.ics.speaks.clear()
    async with live.worker():
        run_id = await live.started(STAKE, approvals=[STAKE.id])
        await live.until_key(key_of(run_id, STAKE.id, 0))
    live.ics.speaks.set()
    async with live.worker():
        row = await live.ended(run_id)
    assert row.state == RunState.SUCCEEDED
    assert live.sent(run_id) == [key_of(run_id, STAKE.id, 0)]
    assert [m.state for m in await live.movements(run_id)] == ["confirmed"]


async def test_runs_that_have_ended_are_left_alone(live: Live) -> None:
    """A sweep of a store without open runs asks nobody for anything."""
    async with live.worker():
        run_id = await live.started(SCREEN)
        row = await live.ended(run_id)
        await live.sweep()
    async with live.world.db.read() as session:
        assert run_id not in [open_run.run_id for open_run in await runs.open_runs(session)]
    assert (await live.row(run_id)).version == row.version


async def test_a_deleted_schedule_is_made_again(live: Live) -> None:
    """By hand, or with the server's whole database: the worker does not need to be restarted."""
    queue = live.engine.task_queue
    await schedule_sweep(live.client, queue)
    handle = live.client.get_schedule_handle(f"sweep:{queue}")
    await handle.delete()
    with pytest.raises(RPCError):
        await handle.describe()
    keeping = asyncio.create_task(keep_scheduled(live.client, queue, every=timedelta()))
    await _until_it_stands(handle)
    keeping.cancel()
    await handle.delete()


async def _until_it_stands(schedule: ScheduleHandle) -> None:
    for _ in range(200):
        try:
            await schedule.describe()
        except RPCError:
            await asyncio.sleep(0.05)
        else:
            return
    pytest.fail("the schedule is still gone")


async def test_each_queue_has_a_sweep_of_its_own(live: Live) -> None:
    """Installations that share a namespace do not share a store; a second start changes nothing."""
    other = replace(live.engine, task_queue=f"{live.engine.task_queue}-other")
    for engine in (live.engine, other, other):
        await schedule_sweep(live.client, engine.task_queue)
    for engine in (live.engine, other):
        handle = live.client.get_schedule_handle(f"sweep:{engine.task_queue}")
        action = (await handle.describe()).schedule.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        assert action.task_queue == engine.task_queue
        await handle.delete()
