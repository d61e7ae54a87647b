"""The sweep: each case fails without it."""

from dataclasses import dataclass, field

from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from activities.sweep import GRACE_SECONDS, Sweeper
from onebox.models import OrchestrationPlan, RunState, StepState
from store import decisions, runs, steps
from store.tables import RunRow
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.support.fake_ics import Answer


@dataclass
class FakeEngine:
    """Remembers what it was asked; `how` is how every workflow ended."""

    how: str | None = None
    started: list[str] = field(default_factory=list)
    nudged: list[tuple[str, str]] = field(default_factory=list)

    async def start(self, run: RunRow, plan: OrchestrationPlan) -> None:
        """Kept."""
        assert run.plan_id == plan.plan_id
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


async def started(world: World) -> None:
    """The engine has the run."""
    async with world.db.write() as session:
        await runs.mark_workflow_started(session, RUN, world.clock())


async def test_an_admitted_run_that_never_started_is_started(world: World) -> None:
    """The run row is the outbox; after the grace it is started, and only once."""
    engine = FakeEngine()
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


async def test_a_terminated_run_with_a_sent_movement_stays_open(world: World) -> None:
    """Only ICS or a person can say what became of it."""
    await started(world)
    world.ics.script["stake"] = [Answer(breaks=True)]
    await ActivityEnvironment().run(RunStep(world.deps).run_step, world.task(STAKE))
    await sweep(world, FakeEngine(how="terminated"))
    assert not RunState((await run_row(world)).state).final
    assert (await world.movement()).state == "sent"


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
