"""No run is left that is neither finished, nor waiting for something, nor unknown.

Every case is first a row; the sweep only repeats what a dead process had no time to say, and
settles what a workflow that is gone had sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.deps import ActivityDeps
from activities.reconcile import Reconcile
from activities.record_end import tell_mismatch
from onebox.logs import logger
from onebox.models import OrchestrationPlan, RunState, StepError, StepState
from onebox.run import StepTask
from store import decisions, movements, plans, receipts, runs, steps
from store.tables import DecisionRow, MovementRow, RunRow, StepRow

_log = logger(__name__)
T = TypeVar("T")

# A start is under way for this long before the sweep repeats it.
GRACE_SECONDS = 5.0
# What the proof of one sent movement may take of a sweep; the next sweep goes on.
PROOF_SECONDS = 20.0
AT_ONCE = 16


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
    proof_seconds: float = PROOF_SECONDS

    @activity.defn(name="sweep")
    async def sweep(self) -> None:
        """Start, expire, nudge and record what waits for it.

        One run that cannot be helped keeps no other waiting: its fault is raised at the end.
        """
        faults = await _each(self._start, await self._unstarted())
        faults += await _each(self._nudge, await self._unheard())
        faults += await _each(self._record_ended, await self._live())
        if faults:
            raise faults[0]

    async def _unstarted(self) -> Sequence[RunRow]:
        async with self.deps.db.read() as session:
            return await runs.unstarted(session, self.deps.clock(), GRACE_SECONDS)

    async def _unheard(self) -> Sequence[DecisionRow]:
        """Silence rejects; then every answer that no workflow has acted on."""
        async with self.deps.db.write() as session:
            await decisions.expire_due(session, self.deps.clock())
            return await decisions.unheard(session)

    async def _live(self) -> list[RunRow]:
        async with self.deps.db.read() as session:
            return [run for run in await runs.open_runs(session) if run.workflow_started_at]

    async def _start(self, run: RunRow) -> None:
        async with self.deps.db.read() as session:
            plan = await plans.load(session, run.plan_id, run.tenant)
            row = await plans.load_row(session, run.plan_id, run.tenant)
        if row.expires_at > self.deps.clock():
            await self.engine.start(run, plan)
        elif await self.engine.ended(run.run_id) == "vanished":
            await self._expire(run)
        async with self.deps.db.write() as session:
            await runs.mark_workflow_started(session, run.run_id, self.deps.clock())

    async def _expire(self, run: RunRow) -> None:
        """Nobody expects money to move for a plan that has lain there until it expired."""
        message = "The plan expired before its run could start; nothing was sent."
        error = StepError(code="PLAN_EXPIRED", message=message)
        now = self.deps.clock()
        async with self.deps.db.write() as session:
            if await movements.open_in(session, run.run_id):
                return
            await runs.finish(
                session, run.run_id, state=RunState.FAILED, failed_step=None, error=error, now=now
            )

    async def _nudge(self, decision: DecisionRow) -> None:
        await self.engine.nudge(decision.run_id, decision.step_id)

    async def _record_ended(self, run: RunRow) -> None:
        """A run whose workflow is over without having recorded its end.

        One that vanished is not started again: somebody may have terminated it long ago.
        Replaying it is for a person to ask.
        """
        how = await self.engine.ended(run.run_id)
        if how is None:
            return
        await self._settle_sent(run)
        await self._end_from_rows(run, how)

    async def _settle_sent(self, run: RunRow) -> None:
        """Prove what was sent, as the workflow would have; what stays unclear says so in status."""
        async with self.deps.db.read() as session:
            plan = await plans.load(session, run.plan_id, run.tenant)
            rows = await steps.of_run(session, run.run_id)
            sent = await movements.open_in(session, run.run_id)
        for movement in sent:
            try:
                async with asyncio.timeout(self.proof_seconds):
                    await Reconcile(self.deps).reconcile(_task(run, plan, rows, movement))
            except (ApplicationError, TimeoutError) as unclear:
                _log.info("sweep.unclear", run_id=run.run_id, reason=str(unclear))

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


async def _each(deed: Callable[[T], Awaitable[None]], items: Iterable[T]) -> list[Exception]:
    """Do it for all of them, a few at once; what went wrong."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn(item: T) -> None:
        async with turn:
            await deed(item)

    ends = await asyncio.gather(*map(in_turn, items), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, Exception):
            raise end
    return [end for end in ends if isinstance(end, Exception)]


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
