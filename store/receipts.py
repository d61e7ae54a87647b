"""Whether a run moved what it was promised to move, judged when its end is stored."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.models import IcsReceipt, Promise, ReceiptLine, RunState, StepError, StepState
from onebox.settlement import StepFacts, compared, mismatch_of
from store import steps
from store.guard import changed
from store.tables import RunRow, StepRow


async def judge(s: AsyncSession, run_id: str) -> StepError | None:
    """Store and return what is wrong with a run that has just ended; None when nothing is.

    Call it in the transaction that stores the end.
    """
    run = await s.get_one(RunRow, run_id)
    if run.promise is None:
        return None
    found = mismatch_of(lines_of(run, await steps.of_run(s, run_id), ended=True))
    if found is not None:
        await changed(s, update(RunRow).where(RunRow.run_id == run_id).values(mismatch=True))
    return found


def lines_of(
    run: RunRow, rows: Iterable[StepRow], *, ended: bool | None = None
) -> list[ReceiptLine]:
    """Promised against happened; none where admission promised nothing.

    Args:
        run: the run.
        rows: its steps in plan order.
        ended: as the run's row says, unless it is known better.
    """
    if run.promise is None:
        return []
    over = RunState(run.state).final if ended is None else ended
    return compared(Promise.model_validate(run.promise), map(_facts, rows), ended=over)


async def mismatches(s: AsyncSession) -> int:
    """How many runs moved something else than they were promised to; each counts once."""
    query = select(func.count()).select_from(RunRow).where(RunRow.mismatch.is_(True))
    return int(await s.scalar(query) or 0)


def _facts(row: StepRow) -> StepFacts:
    receipt = IcsReceipt.model_validate(row.receipt) if row.receipt else None
    return StepFacts(row.step_id, StepState(row.state), row.outputs, receipt)
