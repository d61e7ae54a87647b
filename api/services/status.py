"""Status: rows of the store, merged with what the live workflow says of its steps."""

from collections.abc import Iterable

from api.auth import Caller
from api.cursor import START, Cursor
from api.deps import Deps
from api.services.moments import rfc3339
from api.services.receipt import receipt_of
from api.services.run_rows import RunRows, find_run, read_rows
from onebox.models import (
    RunInfo,
    RunState,
    StatusOut,
    Step,
    StepError,
    StepState,
    StepStatus,
    WaitInfo,
)
from onebox.progress import live_run_state
from onebox.run import LiveState
from store.lines import StoredLine
from store.tables import RunRow, StepRow, WaitRow

_SETTLED = {StepState.COMPLETED, StepState.FAILED, StepState.SKIPPED}
_ACTIVE = {
    StepState.RUNNING,
    StepState.WAITING,
    StepState.AWAITING_CONFIRMATION,
    StepState.UNKNOWN,
}


async def status(
    deps: Deps, caller: Caller, run_id: str, after: Cursor | None, wait: float
) -> StatusOut:
    """Where the run stands, with the lines after the cursor (all of them without one).

    Args:
        deps: the application's.
        caller: only runs of its tenant are found.
        run_id: as execute answered.
        after: `next_cursor` of an earlier answer.
        wait: seconds to wait for a change since the cursor, or since now without one.

    Raises:
        RunNotFound: unknown, or another tenant's.
        CursorInvalid: the cursor is of another run.
    """
    if wait:
        await _change(deps, caller, run_id, after, wait)
    # The workflow first: the rows are then never older than what it says of its steps.
    live = await _live(deps, await find_run(deps, caller, run_id))
    return merged(await read_rows(deps, caller, run_id, (after or START).position), live)


async def _change(
    deps: Deps, caller: Caller, run_id: str, after: Cursor | None, wait: float
) -> None:
    """Return when the run differs from what the cursor saw, has ended, or time is up."""
    row = await find_run(deps, caller, run_id)
    here = Cursor(row.line_count, row.version)
    if here == (after or here) and not RunState(row.state).final:
        await deps.watch.change(run_id, here, wait)


async def _live(deps: Deps, run: RunRow) -> LiveState | None:
    if RunState(run.state).final or run.workflow_started_at is None:
        return None
    return await deps.engine.live_state(run.run_id)


def merged(rows: RunRows, live: LiveState | None) -> StatusOut:
    """The answer; `live` is None for an ended run and where no worker answered."""
    plan_steps = {step.id: step for step in rows.plan.steps}
    steps = [
        _step(plan_steps[row.step_id], row, rows.waits.get(row.step_id), live) for row in rows.steps
    ]
    ended = RunState(rows.run.state).final
    return StatusOut(
        run=_run(rows, _run_state(rows.run, steps, live)),
        steps=steps,
        current=_current(rows.run, steps),
        logs=[text_of(line) for line in rows.lines],
        next_cursor=str(Cursor(rows.run.line_count, rows.run.version)),
        receipts=receipt_of(rows),
        stale=not ended and live is None and rows.run.workflow_started_at is not None,
    )


def text_of(line: StoredLine) -> str:
    """A line as JSON can hold it: verbatim, bytes that are no UTF-8 escaped."""
    return line.data.decode(errors="backslashreplace")


def _step_state(row: StepRow, live: LiveState | None) -> StepState:
    """Rows are what activities did; the workflow knows more only of a step at its start or end."""
    stored = StepState(row.state)
    said = live.steps.get(row.step_id) if live else None
    if said is None or stored in _SETTLED:
        return stored
    return said if stored is StepState.PENDING or said in _SETTLED else stored


def _step(step: Step, row: StepRow, wait: WaitRow | None, live: LiveState | None) -> StepStatus:
    error = StepError.model_validate(row.error) if row.error else None
    return StepStatus(
        id=step.id,
        name=step.name,
        kind=step.kind,
        tool=step.tool,
        state=_step_state(row, live),
        started_at=row.started_at,
        completed_at=row.completed_at,
        message=error.message if error else wait.waiting_for if wait else None,
        gen=row.gen,
        confirmation_id=row.confirmation_id,
        wait=_wait(wait) if wait else None,
        error=error,
        outputs=row.outputs,
    )


def _wait(row: WaitRow) -> WaitInfo:
    next_look = None if row.next_look is None else rfc3339(row.next_look)
    return WaitInfo(waiting_for=row.waiting_for, since=rfc3339(row.since), next_look=next_look)


def _run_state(run: RunRow, steps: Iterable[StepStatus], live: LiveState | None) -> RunState:
    stored = RunState(run.state)
    if stored.final or run.workflow_started_at is None:
        return stored
    cancelling = RunState.CANCELLING in {stored, live.state if live else stored}
    return live_run_state((step.state for step in steps), cancelling=cancelling)


def _run(rows: RunRows, state: RunState) -> RunInfo:
    run = rows.run
    return RunInfo(
        id=run.run_id,
        plan_id=run.plan_id,
        state=state,
        created_at=run.created_at,
        started_at=run.workflow_started_at,
        completed_at=run.completed_at,
        est_budget=rows.plan.budget.max,
        trace_id=run.trace_id,
        user_id=run.user_id,
        failed_step=run.failed_step,
        error=StepError.model_validate(run.error) if run.error else None,
    )


def _current(run: RunRow, steps: Iterable[StepStatus]) -> str | None:
    """The first step that is under way, or the one that failed the run."""
    if run.failed_step is not None:
        return run.failed_step
    return next((step.id for step in steps if step.state in _ACTIVE), None)
