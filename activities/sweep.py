"""No run is left that is neither finished, nor waiting for something, nor unknown.

Every case is first a row; the sweep only repeats what a dead process had no time to say, and
settles what a workflow that is gone had sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from temporalio import activity

from activities.deps import ActivityDeps
from activities.gone import PROOF_SECONDS, Gone
from onebox.models import OrchestrationPlan, RunState, StepError
from store import decisions, movements, plans, runs
from store.tables import DecisionRow, RunRow

T = TypeVar("T")

# A start is under way for this long before the sweep repeats it.
GRACE_SECONDS = 5.0
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
        if how is not None:
            await Gone(self.deps, self.proof_seconds).end(run, how)


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
