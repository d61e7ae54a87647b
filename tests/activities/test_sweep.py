"""The sweep: each case fails without it."""

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import update
from temporalio.testing import ActivityEnvironment

from activities.reconcile import UNKNOWN
from activities.run_step import RunStep
from activities.sweep import GRACE_SECONDS, Sweeper
from onebox.digest import key_of
from onebox.errors import TemporalUnavailable
from onebox.models import OrchestrationPlan, RunState, StepState
from onebox.run import StepEnd
from store import decisions, runs, steps, waits
from store.tables import PlanRow, RunRow
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.support.fake_ics import Answer


@dataclass
class FakeEngine:
    """Remembers what it was asked; `how` is how every workflow ended."""

    how: str | None = None
    down: bool = False
    started: list[str] = field(default_factory=list)
    nudged: list[tuple[str, str]] = field(default_factory=list)

    async def start(self, run: RunRow, plan: OrchestrationPlan) -> None:
        """Kept."""
        assert run.plan_id == plan.plan_id
        if self.down:
            raise TemporalUnavailable("scripted")
        self.started.append(run.run_id)

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Kept."""
        self.nudged.append((run_id, step_id))

    async def ended(self, run_id: str) -> str | None:
        """Scripted."""
        assert run_id == RUN
        return self.how


async def sweep(world: World, engine: FakeEngine) -> None:
    """One sweep."""
    await ActivityEnvironment().run(Sweeper(world.deps, engine).sweep)


async def run_row(world: World) -> RunRow:
    """The run as it is."""
    async with world.db.read() as session:
        return await runs.load(session, RUN, "acme")


async def expires(world: World, at: float) -> None:
    """The plan is valid until then."""
    async with world.db.write() as session:
        await session.execute(update(PlanRow).values(expires_at=at))


async def claimed(world: World, answer: Answer) -> None:
    """The engine has the run, and its stake was sent with this result."""
    await started(world)
    world.ics.script["stake"] = [answer]
    result = await ActivityEnvironment().run(RunStep(world.deps).run_step, world.task(STAKE))
    assert result.end is StepEnd.SENT


async def started(world: World) -> None:
    """The engine has the run."""
    async with world.db.write() as session:
        await runs.mark_workflow_started(session, RUN, world.clock())


async def test_an_admitted_run_that_never_started_is_started(world: World) -> None:
    """The run row is the outbox; after the grace it is started, and only once."""
    engine = FakeEngine()
    await expires(world, world.clock() + 60)
    await sweep(world, engine)
    assert engine.started == []
    world.clock.now += GRACE_SECONDS + 1
    await sweep(world, engine)
    await sweep(world, engine)
    assert engine.started == [RUN]


async def test_a_question_past_its_time_is_expired_and_its_run_is_told(world: World) -> None:
    """Nobody answers and the workflow's own timer is lost: the sweep says no."""
    await started(world)
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    task = world.task(STAKE, approved=False, preview=True)
    await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    world.clock.now += 3601
    engine = FakeEngine()
    await sweep(world, engine)
    async with world.db.read() as session:
        row = await decisions.of_step(session, RUN, STAKE.id, 0)
    assert row is not None
    assert row.state == "expired"
    assert engine.nudged == [(RUN, STAKE.id)]


async def test_a_nudge_is_repeated_until_it_is_heard(world: World) -> None:
    """The answer was stored while no worker ran."""
    await started(world)
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    step = RunStep(world.deps).run_step
    await ActivityEnvironment().run(step, world.task(STAKE, approved=False, preview=True))
    async with world.db.write() as session:
        row = await decisions.of_step(session, RUN, STAKE.id, 0)
        assert row is not None
        await decisions.decide(
            session,
            row.id,
            "acme",
            verdict="approve",
            digest=row.digest,
            actor="approver",
            comment=None,
            now=world.clock(),
        )
    engine = FakeEngine()
    await sweep(world, engine)
    assert engine.nudged == [(RUN, STAKE.id)]
    await ActivityEnvironment().run(step, world.task(STAKE, approved=False))
    await sweep(world, engine)
    assert len(engine.nudged) == 1


async def test_a_terminated_run_ends_from_its_rows_and_gives_its_holds_back(
    world: World,
) -> None:
    """Somebody terminated the workflow in the Web UI."""
    await started(world)
    await sweep(world, FakeEngine(how="terminated"))
    row = await run_row(world)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "RUN_INTERRUPTED")
    assert (await world.movement()).state == "released"


async def test_a_plan_that_expired_before_its_run_could_start_is_not_run(world: World) -> None:
    """Temporal was away for a day: nothing was sent, the hold goes back, the run says why."""
    engine = FakeEngine(how="vanished")
    world.clock.now += GRACE_SECONDS + 1
    await expires(world, world.clock() - 1)
    await sweep(world, engine)
    row = await run_row(world)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "PLAN_EXPIRED")
    assert row.workflow_started_at is not None
    assert engine.started == []
    assert (await world.movement()).state == "released"


async def test_an_expired_plan_ends_no_run_that_the_engine_has(world: World) -> None:
    """The process died after the start and before it could note it."""
    world.clock.now += GRACE_SECONDS + 1
    await expires(world, world.clock() - 1)
    await sweep(world, FakeEngine(how=None))
    row = await run_row(world)
    assert not RunState(row.state).final
    assert row.workflow_started_at is not None


async def test_one_run_that_cannot_be_helped_keeps_no_other_waiting(world: World) -> None:
    """The start fails; the question of the run is expired and nudged all the same."""
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    task = world.task(STAKE, approved=False, preview=True)
    await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    world.clock.now += 3601
    await expires(world, world.clock() + 60)
    engine = FakeEngine(down=True)
    with pytest.raises(TemporalUnavailable):
        await sweep(world, engine)
    assert engine.nudged == [(RUN, STAKE.id)]


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
