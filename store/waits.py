"""What waiting steps wait for."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.guard import SETTLED, bump, done, hold_run
from store.tables import Base, StepRow, WaitRow

_WAIT = Base.metadata.tables["wait"]
_CLEAR = delete(_WAIT).where(
    _WAIT.c.run_id == bindparam("of_run"), _WAIT.c.step_id == bindparam("of_step")
)

_CLEAR_RUN = delete(_WAIT).where(_WAIT.c.run_id == bindparam("of_run"))


async def put(  # noqa: PLR0913, PLR0917  a step's key and its whole wait
    s: AsyncSession,
    run_id: str,
    step_id: str,
    waiting_for: str,
    now: float,
    next_look: float | None,
) -> None:
    """Say what a step waits for and when it looks again (unix seconds).

    `since` is kept while the same wait lasts. A step that is settled waits for nothing.

    Raises:
        RunNotFound: no run has this id.
    """
    await hold_run(s, run_id)
    step = await s.get(StepRow, (run_id, step_id), populate_existing=True)
    if step is None or step.state in SETTLED:
        return
    row = await s.get(WaitRow, (run_id, step_id), populate_existing=True)
    if row is None:
        row = WaitRow(run_id=run_id, step_id=step_id, waiting_for=waiting_for, since=now)
        s.add(row)
    elif row.waiting_for != waiting_for:
        row.waiting_for, row.since = waiting_for, now
    row.next_look = next_look
    await s.flush()
    await bump(s, run_id)


async def clear(s: AsyncSession, run_id: str, step_id: str) -> bool:
    """The wait is over; true when there was one."""
    await hold_run(s, run_id)
    if not await done(s, _CLEAR, of_run=run_id, of_step=step_id):
        return False
    await bump(s, run_id)
    return True


async def clear_run(s: AsyncSession, run_id: str) -> None:
    """At the end of a run nothing waits."""
    await done(s, _CLEAR_RUN, of_run=run_id)


async def of_run(s: AsyncSession, run_id: str) -> Sequence[WaitRow]:
    """The run's waits, by step."""
    query = select(WaitRow).where(WaitRow.run_id == run_id).order_by(WaitRow.step_id)
    return (await s.scalars(query.execution_options(populate_existing=True))).all()
