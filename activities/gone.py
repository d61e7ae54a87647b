"""A run whose workflow is gone: what it had sent is proved, then it ends from its rows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.exceptions import ApplicationError

from activities.deps import ActivityDeps
from activities.postpone import postpone
from activities.reconcile import UNKNOWN, Reconcile
from activities.record_end import tell_mismatch
from onebox.logs import logger
from onebox.models import OrchestrationPlan, RunState, StepError, StepState
from onebox.run import StepTask
from store import movements, plans, receipts, runs, steps
from store.tables import MovementRow, RunRow, StepRow

_log = logger(__name__)

# What the proof of a sent movement may take of a sweep; the next sweep goes on.
PROOF_SECONDS = 20.0
# Until the next sweep, as workflows.worker schedules it.
_EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Gone:
    """Does for such a run what its workflow cannot do any more."""

    deps: ActivityDeps
    proof_seconds: float = PROOF_SECONDS

    async def end(self, run: RunRow, how: str) -> None:
        """Record the end; `how` is what the engine says became of the workflow.

        A run of which nobody can tell yet what it moved stays open, and status says so.
        """
        await self._settle_sent(run)
        await self._end_from_rows(run, how)

    async def _settle_sent(self, run: RunRow) -> None:
        """Prove what was sent, as the workflow would have; what stays unclear says so in status."""
        async with self.deps.db.read() as session:
            plan = await plans.load(session, run.plan_id, run.tenant)
            rows = await steps.of_run(session, run.run_id)
            sent = await movements.open_in(session, run.run_id)
        tasks = [_task(run, plan, rows, movement) for movement in sent]
        for unclear in await asyncio.gather(*map(self._proof, tasks)):
            if unclear is not None:
                _log.info("sweep.unclear", run_id=run.run_id, reason=str(unclear))

    async def _proof(self, task: StepTask) -> Exception | None:
        """None where there is one; else what status says of the step from now on."""
        try:
            async with asyncio.timeout(self.proof_seconds):
                await Reconcile(self.deps).reconcile(task)
        except ApplicationError as unclear:
            return unclear
        except TimeoutError:
            why = f"{UNKNOWN} (no end within {self.proof_seconds:g} s)"
            return await postpone(self.deps, task, why, _EVERY_SECONDS, StepState.UNKNOWN)
        return None

    async def _end_from_rows(self, run: RunRow, how: str) -> None:
        """A sent movement keeps the run open: only ICS or a person can end that."""
        async with self.deps.db.write() as session:
            rows = await steps.of_run(session, run.run_id)
            if await movements.open_in(session, run.run_id):
                return
            state, failed = _state(rows, how), _failed(rows)
            first = await runs.finish(
                session,
                run.run_id,
                state=state,
                failed_step=failed.step_id if failed else None,
                error=_why(how, failed) if state is RunState.FAILED else None,
                now=self.deps.clock(),
            )
            wrong = await receipts.judge(session, run.run_id) if first else None
        tell_mismatch(run.run_id, wrong)


def _task(
    run: RunRow, plan: OrchestrationPlan, rows: Sequence[StepRow], movement: MovementRow
) -> StepTask:
    """What the workflow handed over when it sent this movement."""
    return StepTask(
        run_id=run.run_id,
        root_run_id=run.root_run_id,
        tenant=run.tenant,
        plan_id=plan.plan_id,
        meta=plan.metadata,
        step=next(step for step in plan.steps if step.id == movement.step_id),
        gen=movement.gen,
        outputs={row.step_id: row.outputs for row in rows if row.outputs is not None},
        deadline_at=run.deadlines.get(movement.step_id),
        approved=movement.step_id in run.approvals,
    )


def _state(rows: Sequence[StepRow], how: str) -> RunState:
    if all(row.state == StepState.COMPLETED for row in rows):
        return RunState.SUCCEEDED
    if how == "canceled" and _failed(rows) is None:
        return RunState.CANCELLED
    return RunState.FAILED


def _failed(rows: Sequence[StepRow]) -> StepRow | None:
    return next((row for row in rows if row.state == StepState.FAILED), None)


def _why(how: str, failed: StepRow | None) -> dict[str, object]:
    message = f"The workflow of this run was {how} in Temporal."
    told = StepError(code="RUN_INTERRUPTED", message=message).model_dump()
    return (failed.error or told) if failed else told
