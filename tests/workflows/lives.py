"""A run of one step whose process dies at one certain moment, and is started again."""

from typing import Any

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.errors import StoreUnavailable
from onebox.models import RunState, Step
from onebox.run import Phase, StepEnd, StepResult, StepTask
from store import decisions, lines, movements, runs, steps
from store.tables import MovementRow, RunRow
from tests.activities.conftest import NOW, World
from tests.support.answers import answer
from tests.workflows.admitted import admitted
from tests.workflows.crashes import Crash, CrashingIcs, Fuse, crashing


class Life:
    """One run of one step that is struck once: its process dies, or loses its store for a moment.

    A connection that is lost before a commit undoes the transaction; one that is lost after it
    leaves the activity in the belief that nothing was stored.
    """

    def __init__(
        self, world: World, url: str, step: Step, at: int, fault: type[BaseException] = Crash
    ) -> None:
        self.world, self.step = world, step
        self.fuse = Fuse(at, fault)
        dies = fault is Crash
        self.ics = CrashingIcs(world.ics.contract_json, fuse=self.fuse if dies else Fuse(0))
        self.deps = crashing(world.deps, url, self.ics, self.fuse)
        self.run: RunRow

    async def begin(self, *, approved: bool = True) -> None:
        """Admitted and started."""
        approvals = [self.step.id] if approved else []
        self.run, self.plan = await admitted(self.world, self.step, now=NOW, approvals=approvals)
        async with self.world.db.write() as session:
            await runs.mark_workflow_started(session, self.run.run_id, NOW)

    def task(self, gen: int = 0, phase: Phase = Phase.EXECUTE) -> StepTask:
        """What the workflow hands over."""
        return StepTask(
            run_id=self.run.run_id,
            root_run_id=self.run.run_id,
            tenant="acme",
            plan_id=self.plan.plan_id,
            meta=self.plan.metadata,
            step=self.step,
            gen=gen,
            phase=phase,
            approved=self.step.id in self.run.approvals,
        )

    async def done(self, activity: Any, *given: Any) -> Any:
        """Attempt after attempt, as the server does it."""
        for _ in range(20):
            try:
                return await ActivityEnvironment().run(activity, *given)
            except (Crash, StoreUnavailable, ApplicationError):
                continue
        raise AssertionError("the activity never ends")

    async def move(self) -> StepResult:
        """A money step, as the workflow leads it."""
        gen = 0
        while True:
            if self.step.id not in self.run.approvals:
                asked = await self.done(RunStep(self.deps).run_step, self.task(gen, Phase.PREVIEW))
                assert asked.end is StepEnd.ASKED
                await _approve(self, gen)
            result: StepResult = await self.done(RunStep(self.deps).run_step, self.task(gen))
            if result.end is StepEnd.SENT:
                result = await self.done(Reconcile(self.deps).reconcile, self.task(gen))
            if result.end is not StepEnd.NOT_EXECUTED:
                return result
            gen += 1

    async def text(self, phase: Phase = Phase.EXECUTE) -> list[bytes]:
        """The stored lines of the last generation."""
        async with self.world.db.read() as session:
            row = await steps.load(session, self.run.run_id, self.step.id)
            stored = await lines.phase_lines(session, row.run_id, row.step_id, row.gen, phase)
        return [text for text, _ in stored]

    async def movements(self) -> list[MovementRow]:
        """All of the run."""
        async with self.world.db.read() as session:
            return list(await movements.of_run(session, self.run.run_id))

    async def state(self) -> RunState:
        """The run's."""
        async with self.world.db.read() as session:
            return RunState((await runs.load(session, self.run.run_id, None)).state)

    def effects(self) -> int:
        """How often ICS did what it was asked."""
        return sum(answer.outcome == "executed" for answer in self.ics.keys.values())


async def _approve(life: Life, gen: int) -> None:
    async with life.world.db.write() as session:
        row = await decisions.of_step(session, life.run.run_id, life.step.id, gen)
        await answer(session, row, "approve", NOW)
