"""One sweep over the run of the activities' world, and what may have become of that run before."""

from dataclasses import dataclass, field

from sqlalchemy import update
from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.errors import TemporalUnavailable
from onebox.models import OrchestrationPlan, Step, StepState
from onebox.run import StepEnd
from store import runs, steps
from store.tables import PlanRow, RunRow
from tests.activities.conftest import RUN, STAKE, World
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
    await sent(world, answer)


async def sent(world: World, answer: Answer) -> None:
    """The stake was sent with this result."""
    world.ics.script["stake"] = [answer]
    result = await ActivityEnvironment().run(RunStep(world.deps).run_step, world.task(STAKE))
    assert result.end is StepEnd.SENT


async def started(world: World) -> None:
    """The engine has the run."""
    async with world.db.write() as session:
        await runs.mark_workflow_started(session, RUN, world.clock())


async def failed(world: World, step: Step) -> None:
    """The step ended as failed."""
    async with world.db.write() as session:
        await steps.settle(
            session,
            RUN,
            step.id,
            0,
            state=StepState.FAILED,
            outputs=None,
            receipt=None,
            error={"code": "MODERATION_REJECTED", "message": "no"},
            now=world.clock(),
        )
