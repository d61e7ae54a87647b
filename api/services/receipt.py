"""What a run has done so far: from the first step that settled; and beside what it promised."""

from collections.abc import Iterable
from typing import Any

from api.services.run_rows import RunRows
from onebox.models import IcsReceipt, Json, Receipt, ReceiptOut, RunState, StepState
from onebox.money import format_amount
from onebox.settlement import mismatch_of, verdict_of
from store.receipts import lines_of
from store.tables import MovementRow, StepRow

_SETTLED = {StepState.COMPLETED, StepState.FAILED}
_STILL_OUT = {"held", "in_flight", "escrowed"}


def receipt_of(rows: RunRows) -> Receipt | None:
    """Sums and traces of the settled steps; amounts are decimal text."""
    settled = [step for step in rows.steps if step.state in _SETTLED]
    if not settled:
        return None
    traces = [IcsReceipt.model_validate(step.receipt) for step in settled if step.receipt]
    return Receipt(
        plan_id=rows.run.plan_id,
        trace_id=rows.run.trace_id,
        job_id=_job_id(rows, settled),
        txes=_once(tx for trace in traces for tx in trace.txes),
        cids=_once(cid for trace in traces for cid in trace.cids),
        payouts=[payout for trace in traces for payout in trace.payouts],
        timings=_timings(rows),
        escrow=_output(settled, "escrow"),
        fee=_fee(settled),
        burnt=_output(settled, "burnt"),
        held=_held(rows.movements),
        mismatch=mismatch_of(lines_of(rows.run, rows.steps)),
    )


def promised_and_happened(rows: RunRows) -> ReceiptOut:
    """A line for each step and party, and the verdict over all of them."""
    run, lines = rows.run, lines_of(rows.run, rows.steps)
    state = RunState(run.state)
    return ReceiptOut(
        run_id=run.run_id,
        plan_id=run.plan_id,
        state=state,
        verdict=verdict_of(lines, ended=state.final, promised=run.promise is not None),
        mismatch=mismatch_of(lines),
        lines=lines,
        receipt=receipt_of(rows),
    )


def _output(settled: list[StepRow], name: str) -> str | None:
    """The last step that says so is right: what finalize took, not what post_job foresaw."""
    found = [step.outputs[name] for step in settled if step.outputs and name in step.outputs]
    return str(found[-1]) if found else None


def _fee(settled: list[StepRow]) -> str | None:
    """What the pool keeps; until the job is paid nobody has taken a fee."""
    return _output([step for step in settled if "burnt" in (step.outputs or {})], "fee")


def _job_id(rows: RunRows, settled: list[StepRow]) -> int | None:
    """Of the job that was made or, where the plan is about a job, of that one."""
    made = _output(settled, "jobId")
    asked = (step.params.get("jobId") for step in rows.plan.steps)
    named: Any = made or next((job for job in asked if isinstance(job, str)), None)
    return int(named) if named is not None and str(named).isdecimal() else None


def _held(moved: list[MovementRow]) -> str | None:
    if not moved:
        return None
    return format_amount(sum(int(row.amount) for row in moved if row.bucket in _STILL_OUT))


def _timings(rows: RunRows) -> Json:
    """Seconds from start to end, of each ended step and of an ended run."""
    steps = {
        step.step_id: round(step.completed_at - step.started_at, 3)
        for step in rows.steps
        if step.started_at is not None and step.completed_at is not None
    }
    run = rows.run
    total = None if run.completed_at is None else round(run.completed_at - run.created_at, 3)
    return {"steps": steps, "total": total}


def _once(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
