"""What /metrics shows, read from stored ends: restarts and polls change nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.models import StepState
from store.tables import RunRow, StepRow


class Latency(NamedTuple):
    """A histogram: how many are at or below each bound, their sum in seconds, their number."""

    at_most: list[int]
    sum: float
    number: int


async def run_counts(s: AsyncSession) -> dict[str, int]:
    """How many runs are in each state that any run is in."""
    query = select(RunRow.state, func.count()).group_by(RunRow.state).order_by(RunRow.state)
    return dict((await s.execute(query)).all())


async def step_latency(s: AsyncSession, bounds: Sequence[float]) -> Latency:
    """How long completed and failed steps took from the start of their generation, in seconds.

    A clock that was set back meanwhile makes that nothing, not less: sums of counters only rise.
    """
    took = StepRow.completed_at - StepRow.started_at
    seconds = case((took < 0, 0.0), else_=took)
    query = select(
        func.count(),
        func.coalesce(func.sum(seconds), 0.0),
        *(func.coalesce(func.sum(case((seconds <= bound, 1), else_=0)), 0) for bound in bounds),
    ).where(StepRow.state.in_((StepState.COMPLETED, StepState.FAILED)), seconds.is_not(None))
    count, total, *at_most = (await s.execute(query)).one()
    return Latency([int(n) for n in at_most], float(total), int(count))
