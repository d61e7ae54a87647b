"""Everything the store knows of one run, in one consistent look."""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from structlog.contextvars import bind_contextvars

from api.auth import Caller
from api.deps import Deps
from onebox.errors import CursorInvalid, RunNotFound
from onebox.models import OrchestrationPlan
from store import lines, movements, plans, runs, steps, waits
from store.lines import StoredLine
from store.tables import MovementRow, RunRow, StepRow, WaitRow

_RUN_ID = re.compile(r"run_[0-9a-f]{32}(~[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True)
class RunRows:
    """Rows of one run; `steps` in plan order, `waits` by step id, `lines` after a cursor."""

    run: RunRow
    plan: OrchestrationPlan
    steps: list[StepRow]
    waits: dict[str, WaitRow]
    movements: list[MovementRow]
    lines: list[StoredLine]


async def find_run(deps: Deps, caller: Caller, run_id: str) -> RunRow:
    """The run of the caller's tenant.

    Raises:
        RunNotFound: unknown, or another tenant's.
    """
    async with deps.db.read() as session:
        return await load_run(session, caller, run_id)


async def load_run(session: AsyncSession, caller: Caller, run_id: str) -> RunRow:
    """As `find_run`, inside a session; its ids go into every later log line."""
    if _RUN_ID.fullmatch(run_id) is None:
        raise RunNotFound
    row = await runs.load(session, run_id, caller.tenant)
    bind_contextvars(run_id=row.run_id, plan_id=row.plan_id, trace_id=row.trace_id)
    return row


async def read_rows(
    deps: Deps, caller: Caller, run_id: str, position: int | None = None
) -> RunRows:
    """The rows of a run; lines only after `position`, none without it.

    Raises:
        RunNotFound: unknown, or another tenant's.
        CursorInvalid: the run has never had that many lines.
    """
    async with deps.db.read() as session:
        run = await load_run(session, caller, run_id)
        start = run.line_count if position is None else position
        if start > run.line_count:
            raise CursorInvalid("The cursor is of another run.")
        return RunRows(
            run=run,
            plan=await plans.load(session, run.plan_id, run.tenant),
            steps=list(await steps.of_run(session, run_id)),
            waits={row.step_id: row for row in await waits.of_run(session, run_id)},
            movements=list(await movements.of_run(session, run_id)),
            lines=await lines.after(session, run_id, start, run.line_count - start),
        )
