"""No run is left that is neither finished, nor waiting for something, nor unknown.

Every case is first a row; the sweep only repeats what a dead process had no time to say.
"""

from dataclasses import dataclass
from typing import Protocol

from temporalio import activity

from activities.deps import ActivityDeps
from onebox.models import OrchestrationPlan, RunState, StepError, StepState
from store import decisions, movements, plans, runs, steps
from store.tables import RunRow

# A start is under way for this long before the sweep repeats it.
GRACE_SECONDS = 5.0


class Runs(Protocol):
    """What the sweep needs of the engine's client."""

    async def start(self, run: RunRow, plan: OrchestrationPlan) -> None:
        """Start the run's workflow unless it was started."""

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Tell a run that a row about a step was stored."""

    async def ended(self, run_id: str) -> str | None:
        """How the workflow ended ("vanished" where the engine has none), None while it runs."""


@dataclass
class Sweeper:
    """The activity behind the Sweep workflow."""

    deps: ActivityDeps
    engine: Runs

    @activity.defn(name="sweep")
    async def sweep(self) -> None:
        """Start, expire, nudge and record what waits for it."""
        await self._start_admitted()
        await self._expire_and_nudge()
        await self._record_ended()

    async def _start_admitted(self) -> None:
        async with self.deps.db.read() as session:
            waiting = await runs.unstarted(session, self.deps.clock() - GRACE_SECONDS)
            admitted = [
                (run, await plans.load(session, run.plan_id, run.tenant)) for run in waiting
            ]
        for run, plan in admitted:
            await self.engine.start(run, plan)
            async with self.deps.db.write() as session:
                await runs.mark_workflow_started(session, run.run_id, self.deps.clock())

    async def _expire_and_nudge(self) -> None:
        async with self.deps.db.write() as session:
            await decisions.expire_due(session, self.deps.clock())
            unheard = await decisions.unheard(session)
        for decision in unheard:
            await self.engine.nudge(decision.run_id, decision.step_id)

    async def _record_ended(self) -> None:
        """Runs whose workflow was terminated or is gone end from their rows."""
        async with self.deps.db.read() as session:
            live = [run for run in await runs.open_runs(session) if run.workflow_started_at]
        for run in live:
            how = await self.engine.ended(run.run_id)
            if how is not None:
                await self._end_from_rows(run, how)

    async def _end_from_rows(self, run: RunRow, how: str) -> None:
        """A sent movement keeps the run open: only ICS or a person can end that."""
        async with self.deps.db.write() as session:
            rows = await steps.of_run(session, run.run_id)
            if await movements.open_in(session, run.run_id):
                return
            done = all(row.state == StepState.COMPLETED for row in rows)
            failed = next((row for row in rows if row.state == StepState.FAILED), None)
            await runs.finish(
                session,
                run.run_id,
                state=RunState.SUCCEEDED if done else RunState.FAILED,
                failed_step=failed.step_id if failed else None,
                error=None if done else _why(how, failed.error if failed else None),
                now=self.deps.clock(),
            )


def _why(how: str, error: dict[str, object] | None) -> dict[str, object]:
    message = f"The workflow of this run was {how} in Temporal."
    return error or StepError(code="RUN_INTERRUPTED", message=message).model_dump()
