"""Runs: admitted once, started once, ended once."""

from collections.abc import Collection, Sequence

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import RunNotFound
from onebox.models import Json, RunState
from store import decisions, holds, movements, steps, waits
from store.admission import Admission, admit, of_plan
from store.budgets import DailyBudgetExceeded
from store.guard import CHANGE, as_json, done, lock_run
from store.tables import Base, RunRow

__all__ = [
    "Admission",
    "DailyBudgetExceeded",
    "RunNotSettled",
    "admit",
    "finish",
    "load",
    "mark_workflow_started",
    "of_plan",
    "open_runs",
    "progress",
    "set_state",
    "unstarted",
]

_OPEN = tuple(state for state in RunState if not state.final)
_RUN = Base.metadata.tables["run"]
_STARTED = CHANGE.where(_RUN.c.workflow_started_at.is_(None)).values(
    workflow_started_at=bindparam("now")
)
_SHOW = CHANGE.where(_RUN.c.state.in_(_OPEN), _RUN.c.state != bindparam("shown")).values(
    state=bindparam("shown")
)
_END = CHANGE.values(
    state=bindparam("ended_as"),
    failed_step=bindparam("because_of"),
    error=bindparam("with_error"),
    completed_at=bindparam("now"),
)


class RunNotSettled(Exception):  # noqa: N818  named for the code that it becomes
    """The run cannot end: nobody knows yet whether these steps have moved tokens."""

    def __init__(self, run_id: str, step_ids: list[str]) -> None:
        super().__init__(f"{run_id} awaits reconciliation of {', '.join(step_ids)}")
        self.run_id = run_id
        self.step_ids = step_ids


async def load(s: AsyncSession, run_id: str, tenant: str | None) -> RunRow:
    """The run as it is now; None for the tenant is the engine's own look.

    Raises:
        RunNotFound: no run, or none of this tenant, has this id.
    """
    row = await s.get(RunRow, run_id, populate_existing=True)
    if row is None or tenant not in {None, row.tenant}:
        raise RunNotFound
    return row


async def progress(s: AsyncSession, run_ids: Collection[str]) -> dict[str, Row[str, int, int]]:
    """`line_count` and `version` of these runs by run id, in one look."""
    facts = select(RunRow.run_id, RunRow.line_count, RunRow.version)
    rows = await s.execute(facts.where(RunRow.run_id.in_(run_ids)))
    return {row.run_id: row for row in rows.all()}


async def mark_workflow_started(s: AsyncSession, run_id: str, now: float) -> bool:
    """The engine has taken the run over; false when that was known."""
    return await done(s, _STARTED, of_run=run_id, now=now) == 1


async def unstarted(s: AsyncSession, now: float, grace: float) -> Sequence[RunRow]:
    """Admitted runs that the engine has not got after `grace` seconds, oldest first.

    One of the future was admitted before the clock was set back: nobody is starting it.
    """
    query = select(RunRow).where(
        RunRow.workflow_started_at.is_(None),
        or_(RunRow.created_at <= now - grace, RunRow.created_at > now),
        RunRow.state.in_(_OPEN),
    )
    return (await s.scalars(query.order_by(RunRow.created_at, RunRow.run_id))).all()


async def open_runs(s: AsyncSession) -> Sequence[RunRow]:
    """Runs that have not ended, oldest first."""
    query = select(RunRow).where(RunRow.state.in_(_OPEN))
    return (await s.scalars(query.order_by(RunRow.created_at, RunRow.run_id))).all()


async def set_state(s: AsyncSession, run_id: str, state: RunState) -> bool:
    """Show what a run that has not ended is doing; true when that is news.

    Raises:
        ValueError: for an end, which only `finish` may give.
    """
    if state.final:
        raise ValueError(f"only finish makes a run {state}")
    return await done(s, _SHOW, of_run=run_id, shown=state) == 1


async def finish(  # noqa: PLR0913  a run's id and its whole end
    s: AsyncSession,
    run_id: str,
    *,
    state: RunState,
    failed_step: str | None,
    error: BaseModel | Json | None,
    now: float,
) -> bool:
    """Store the run's end; false when it has one already: the first end stands.

    Gives back every hold that was not sent, skips steps without a result, ends waits, and
    lets open questions expire.

    Raises:
        RunNotSettled: a movement is sent or unknown; nothing was changed.
        RunNotFound: no run has this id.
        ValueError: the state is not an end.
    """
    if not state.final:
        raise ValueError(f"{state} is not an end")
    run = await lock_run(s, run_id)
    if RunState(run.state).final:
        return False
    unclear = await movements.open_in(s, run_id)
    if unclear:
        raise RunNotSettled(run_id, [row.step_id for row in unclear])
    await _close(s, run_id)
    end = {"ended_as": state, "because_of": failed_step, "with_error": as_json(error)}
    return await done(s, _END, of_run=run_id, now=now, **end) == 1


async def _close(s: AsyncSession, run_id: str) -> None:
    """The order of locks: decisions, movements, the day."""
    await decisions.close_run(s, run_id)
    await steps.skip_rest(s, run_id)
    await waits.clear_run(s, run_id)
    await holds.release(s, run_id)
