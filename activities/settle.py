"""The end of a step: movement, result row and buckets change in one transaction."""

import re
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from activities.calls import Prepared, Sent, store_lines
from activities.deps import ActivityDeps
from onebox.models import IntentStatus, Outcome, RunState, StepError, StepState
from onebox.run import Phase, StepEnd, StepResult, StepTask
from store import movements, runs, steps
from store.tables import StepRow

_RUN_ENDED = StepResult(
    end=StepEnd.SETTLED,
    state=StepState.FAILED,
    error=StepError(code="RUN_ENDED", message="The run has ended: nothing more is done for it."),
)
_STATE_OF = {
    Outcome.EXECUTED: StepState.COMPLETED,
    Outcome.REJECTED: StepState.FAILED,
    Outcome.FAILED: StepState.FAILED,
    Outcome.NOT_EXECUTED: StepState.FAILED,
}
# ICS met the call too late, or its key fenced: nothing ran under that key, and nothing will.
_NEVER_RAN = {"NOT_AFTER_PASSED", "FENCED"}
_ENDINGS = {"finalize", "cancel_job"}
_JOB_ID = re.compile(r"[0-9]{1,78}", re.ASCII)  # a uint256
_MOVED_AS: dict[Outcome, movements.Outcome] = {
    Outcome.EXECUTED: "confirmed",
    Outcome.REJECTED: "rejected",
    Outcome.FAILED: "rejected",
    Outcome.NOT_EXECUTED: "not_executed",
}


def result_of_row(row: StepRow) -> StepResult:
    """What a settled row said, for an attempt that comes after the settling one."""
    return StepResult(
        end=StepEnd.SETTLED,
        state=StepState(row.state),
        outputs=row.outputs or {},
        error=StepError.model_validate(row.error) if row.error else None,
    )


class Begun(NamedTuple):
    """How an attempt may go on: `earlier` is the result that it need not go on for.

    `first` says that no attempt of this generation came before: none has stored a line;
    `rules` are those of the run.
    """

    earlier: StepResult | None
    rules: steps.RunRules
    first: bool = False


async def begin(deps: ActivityDeps, task: StepTask) -> Begun:
    """Start this generation, unless an earlier attempt has settled it or the run has ended."""
    async with deps.db.write() as session:
        begun = await steps.begin(session, task.run_id, task.step.id, task.gen, deps.clock())
    earlier = _earlier(task, begun.row, run_ended=begun.run_ended)
    return Begun(earlier, begun.rules, begun.first)


async def begun_before(deps: ActivityDeps, task: StepTask) -> Begun:
    """The same for an attempt that starts nothing: what an earlier one stored, and the rules."""
    async with deps.db.read() as session:
        row = await steps.load(session, task.run_id, task.step.id)
        run = await runs.load(session, task.run_id, None)
    earlier = _earlier(task, row, run_ended=RunState(run.state).final)
    return Begun(earlier, rules=steps.RunRules(run.tenant, run.policy_digest, run.fees_digest))


def _earlier(task: StepTask, row: StepRow, *, run_ended: bool) -> StepResult | None:
    """A run that has ended does nothing more, whatever a reset workflow asks for.

    Such a workflow begins at generation 0; the result of the last one is the step's.
    """
    is_its = row.gen == task.gen or run_ended
    if is_its and row.state in {StepState.COMPLETED, StepState.FAILED}:
        return result_of_row(row)
    return _RUN_ENDED if run_ended else None


async def settle(
    deps: ActivityDeps, prepared: Prepared, sent: Sent, fence: int | None
) -> StepResult:
    """Store a final outcome. `fence` is the claim's, None for a step that moves nothing.

    A movement that was proved `not_executed` does not end its step: the engine runs it
    again under the next generation. A step that moves nothing has none, and has failed.
    """
    task, status = prepared.task, sent.status
    outcome = status.outcome if fence is None else _of_money(status)
    async with deps.db.write() as session:
        await store_lines(deps, session, task, Phase.EXECUTE, sent.rest)
        if fence is not None:
            await movements.settle(
                session,
                task.run_id,
                task.step.id,
                task.gen,
                fence,
                outcome=_MOVED_AS[outcome],
                job_id=_job_of(status),
                now=deps.clock(),
            )
        if outcome is Outcome.NOT_EXECUTED and fence is not None:
            return StepResult(end=StepEnd.NOT_EXECUTED, state=StepState.RUNNING, error=status.error)
        await _store_result(deps, session, prepared, status)
    return _result(sent)


async def fail(deps: ActivityDeps, task: StepTask, error: StepError) -> StepResult:
    """Store that a step failed before anything was sent for it."""
    async with deps.db.write() as session:
        await steps.settle(
            session,
            task.run_id,
            task.step.id,
            task.gen,
            state=StepState.FAILED,
            outputs=None,
            receipt=None,
            error=error.model_dump(),
            now=deps.clock(),
        )
    return StepResult(end=StepEnd.SETTLED, state=StepState.FAILED, error=error)


async def _store_result(
    deps: ActivityDeps, session: AsyncSession, prepared: Prepared, status: IntentStatus
) -> None:
    task = prepared.task
    await steps.settle(
        session,
        task.run_id,
        task.step.id,
        task.gen,
        state=_STATE_OF[status.outcome],
        outputs=status.outputs,
        receipt=status.receipt.model_dump() if status.receipt else None,
        error=status.error.model_dump() if status.error else None,
        now=deps.clock(),
    )
    job_id = _job_of(status)
    if _empties_escrow(prepared, status) and job_id is not None:
        await movements.close_escrow(session, job_id)


def _of_money(status: IntentStatus) -> Outcome:
    """A call that came too late says nothing of its step: the step is run again."""
    code = status.error.code if status.error else None
    late = status.outcome is Outcome.REJECTED and code in _NEVER_RAN
    return Outcome.NOT_EXECUTED if late else status.outcome


def _empties_escrow(prepared: Prepared, status: IntentStatus) -> bool:
    """True for the step after which a job's escrow is empty: paid out, or brought home."""
    return status.outcome is Outcome.EXECUTED and prepared.tool.intent in _ENDINGS


def _job_of(status: IntentStatus) -> str | None:
    """The job that a movement's escrow is kept for; what is no number on a chain names none."""
    job_id = str((status.outputs or {}).get("jobId", ""))
    return job_id if _JOB_ID.fullmatch(job_id) else None


def _result(sent: Sent) -> StepResult:
    return StepResult(
        end=StepEnd.SETTLED,
        state=_STATE_OF[sent.status.outcome],
        outputs=sent.status.outputs or {},
        error=sent.status.error,
        lines=sent.lines,
        lines_sha256=sent.lines_sha256,
    )
