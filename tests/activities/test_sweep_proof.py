"""What the sweep asks ICS for a workflow that is gone is what that workflow had sent."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
from temporalio.testing import ActivityEnvironment

from activities.reconcile import UNKNOWN, Reconcile
from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.models import RunState, StepState
from onebox.run import StepEnd, StepTask
from store import movements, runs, steps, waits
from store.tables import RunRow
from tests.activities.conftest import World
from tests.support.builders import step
from tests.support.fake_ics import Answer, FakeIcs
from tests.workflows.admitted import admitted

PIN = step("pin_spec", tool="ipfs.pin", params={"spec": {"title": "x", "description": "y"}})
JOB = {
    "rewardAGIA": "5.00",
    "deadline": 3,
    "title": "x",
    "uri": {"$from": PIN.id, "path": "uri"},
    "specHash": {"$from": PIN.id, "path": "specHash"},
}
POST = step("post_job", PIN.id, tool="job.post", params={"job": JOB})
PINNED = {"uri": "ipfs://bafy", "specHash": "0x" + "1" * 64}
DEADLINE = 1_800_259_200


class Terminated:
    """An engine whose workflows somebody has terminated."""

    async def start(self, run: RunRow, plan: object) -> None:
        """Every run was started."""
        raise AssertionError(f"{run.run_id} has its workflow, as has {plan}")

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Nobody listens."""

    async def ended(self, run_id: str) -> str | None:
        """All of them."""
        return "terminated" if run_id else None


async def sweep(world: World, **more: Any) -> None:
    """One sweep."""
    await ActivityEnvironment().run(Sweeper(world.deps, Terminated(), **more).sweep)


async def begun(world: World) -> RunRow:
    """A run whose spec is pinned and whose job may be posted."""
    row, _ = await admitted(
        world, PIN, POST, now=world.clock(), approvals=[POST.id], deadlines={POST.id: DEADLINE}
    )
    async with world.db.write() as session:
        await runs.mark_workflow_started(session, row.run_id, world.clock())
        await steps.settle(
            session,
            row.run_id,
            PIN.id,
            0,
            state=StepState.COMPLETED,
            outputs=PINNED,
            receipt=None,
            error=None,
            now=world.clock(),
        )
    return row


def task_of(world: World, row: RunRow, gen: int) -> StepTask:
    """What the workflow hands over for the job."""
    known = {"run_id": row.run_id, "root_run_id": row.root_run_id, "plan_id": row.plan_id}
    given = {"outputs": {PIN.id: PINNED}, "deadline_at": DEADLINE}
    return world.task(POST, gen=gen).model_copy(update=known | given)


async def test_it_repeats_the_call_to_the_letter(world: World) -> None:
    """Second generation, an output of another step, a fixed deadline: the same key and digest."""
    row = await begun(world)
    lost, unclear = Answer(breaks=True, taken=False), Answer(b"one\n", outcome="in_progress")
    world.ics.script["create_job"] = [lost, unclear]
    env, run = ActivityEnvironment(), RunStep(world.deps).run_step
    await env.run(run, task_of(world, row, 0))
    proved = await env.run(Reconcile(world.deps).reconcile, task_of(world, row, 0))
    assert proved.end is StepEnd.NOT_EXECUTED
    await env.run(run, task_of(world, row, 1))
    await sweep(world)
    (sent, head), (again, head_again) = world.ics.posts[-2:]
    assert len(world.ics.posts) == 3
    assert sent == again
    for name in ("idempotency-key", "step-digest", "not-after"):
        assert head[name] == head_again[name]
    assert head["idempotency-key"].endswith(f":{POST.id}:1")
    assert await states(world, row) == ["released", "unknown"]
    assert not RunState((await stored(world, row)).state).final


class Deaf(FakeIcs):
    """Takes intents, and never answers when it is asked for a key."""

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path.startswith("/intents/"):
            await asyncio.Event().wait()
        return await super()._answer(request)


async def test_a_proof_that_does_not_come_stops_no_sweep(world: World) -> None:
    """An ICS that hangs gets its seconds; status says so, and the next sweep asks again."""
    row = await begun(world)
    world.ics.script["create_job"] = [Answer(breaks=True)]
    await ActivityEnvironment().run(RunStep(world.deps).run_step, task_of(world, row, 0))
    deaf = Deaf(world.ics.contract_json, keys=world.ics.keys)
    world.deps = replace(world.deps, ics=deaf.client())
    await asyncio.wait_for(sweep(world, proof_seconds=0.2), 5)
    assert not RunState((await stored(world, row)).state).final
    assert await states(world, row) == ["sent"]
    async with world.db.read() as session:
        assert (await steps.load(session, row.run_id, POST.id)).state == StepState.UNKNOWN
        (wait,) = await waits.of_run(session, row.run_id)
    assert wait.waiting_for.startswith(UNKNOWN)


async def states(world: World, row: RunRow) -> list[str]:
    """Of the run's movements."""
    async with world.db.read() as session:
        return [found.state for found in await movements.of_run(session, row.run_id)]


async def stored(world: World, row: RunRow) -> RunRow:
    """The run as it is."""
    async with world.db.read() as session:
        return await runs.load(session, row.run_id, "acme")
