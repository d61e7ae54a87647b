"""Somebody sets the clock while a run is under way: it goes on and moves its money once."""

from collections.abc import Awaitable, Callable

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.errors import ContractDrift
from onebox.models import RunState, StepState
from onebox.run import StepEnd, StepResult, StepTask
from store import decisions, runs
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.activities.swept import FakeEngine, expires
from tests.support.answers import answer
from tests.support.fake_ics import Answer

DAY = 86_400.0
JUMPS = pytest.mark.parametrize("jump", [DAY, 3600.0, -3600.0, -DAY])
STAKED = Answer(b"one\ntwo\n", outputs={"amount": "20.00"})
Activity = Callable[[StepTask], Awaitable[StepResult]]


async def done(activity: Activity, task: StepTask) -> StepResult:
    """One attempt."""
    result: StepResult = await ActivityEnvironment().run(activity, task)
    return result


@JUMPS
async def test_between_the_claim_and_its_proof(world: World, jump: float) -> None:
    """The answer was lost, the clock was set: asked by key, settled once, each line once."""
    world.ics.script["stake"] = [Answer(STAKED.body, breaks=True, outputs=STAKED.outputs)]
    sent = await done(RunStep(world.deps).run_step, world.task(STAKE))
    assert sent.end is StepEnd.SENT
    world.clock.now += jump
    for key in world.ics.keys:
        world.ics.keys[key] = STAKED
    settled = await done(Reconcile(world.deps).reconcile, world.task(STAKE))
    assert settled.state is StepState.COMPLETED
    assert (await world.movement()).state == "confirmed"
    assert await world.text() == STAKED.body


@JUMPS
async def test_while_nobody_can_tell(world: World, jump: float) -> None:
    """The next question comes within a minute, however old the first one seems."""
    world.ics.script["stake"] = [Answer(outcome="in_progress")]
    await done(RunStep(world.deps).run_step, world.task(STAKE))
    world.clock.now += jump
    with pytest.raises(ApplicationError, match="do not repeat by hand") as unclear:
        await done(Reconcile(world.deps).reconcile, world.task(STAKE))
    delay = unclear.value.next_retry_delay
    assert delay is not None
    assert 1 <= delay.total_seconds() <= 60


@JUMPS
async def test_between_two_looks(world: World, jump: float) -> None:
    """The job's time is the chain's: the look that finds the work ends the wait."""
    waiting = Answer(b"open\n", outcome="waiting", retry_after=1, waiting_for="a submission")
    world.ics.script["await_submission"] = [
        waiting,
        Answer(b"open\ndone\n", outputs={"jobId": "7"}),
    ]
    with pytest.raises(ApplicationError):
        await done(Look(world.deps).look, world.task(COLLECT))
    world.clock.now += jump
    found = await done(Look(world.deps).look, world.task(COLLECT))
    assert found.outputs == {"jobId": "7"}
    assert await world.text() == b"open\ndone\n"


@pytest.mark.parametrize(("jump", "state"), [(DAY, "failed"), (-DAY, "completed")])
async def test_between_a_question_and_its_answer(world: World, jump: float, state: str) -> None:
    """Past its time silence was a no, and nothing moves; before it the yes is a yes."""
    run = RunStep(world.deps).run_step
    world.ics.script["stake:dry"] = [Answer(b"shown\n", outcome="dry_run")]
    world.ics.script["stake"] = [STAKED]
    await done(run, world.task(STAKE, approved=False, preview=True))
    world.clock.now += jump
    async with world.db.write() as session:
        await decisions.expire_due(session, world.clock())
        row = await decisions.of_step(session, RUN, STAKE.id, 0)
        assert row is not None
        if row.state == "pending":
            await answer(session, row, "approve", world.clock())
    result = await done(run, world.task(STAKE, approved=False))
    assert result.state == state
    assert len([body for body, _ in world.ics.posts if body["confirm"]]) == (state == "completed")


async def test_a_run_that_waits_for_its_start(world: World) -> None:
    """Admitted, then the clock was set back and the API died: the sweep starts it now, not then."""
    await expires(world, world.clock() + 60)
    world.clock.now -= DAY
    engine = FakeEngine()
    await ActivityEnvironment().run(Sweeper(world.deps, engine).sweep)
    assert engine.started == [RUN]
    async with world.db.read() as session:
        assert not RunState((await runs.load(session, RUN, "acme")).state).final


@JUMPS
async def test_the_handshake_is_no_younger_for_it(world: World, jump: float) -> None:
    """What ICS has become since is seen at the next step, not when the clock has caught up."""
    await done(RunStep(world.deps).run_step, world.task(SCREEN))
    world.clock.now += jump
    world.ics.contract_json = {**world.ics.contract_json, "fees": {"digest": "0" * 64}}
    with pytest.raises(ContractDrift):
        await world.deps.handshake.check()
