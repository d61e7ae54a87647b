"""The end of a run: its row says how, what is still held goes back, its counters count once."""

from dataclasses import dataclass

from temporalio import activity

from activities.deps import ActivityDeps
from onebox.logs import logger
from onebox.models import StepError
from onebox.run import RunEnd
from store import receipts, runs

_log = logger(__name__)


@dataclass
class RecordEnd:
    """The last activity of every run."""

    deps: ActivityDeps

    @activity.defn(name="record_end")
    async def record_end(self, end: RunEnd) -> None:
        """Store the end; the first one stored is the run's."""
        async with self.deps.db.write() as session:
            first = await runs.finish(
                session,
                end.run_id,
                state=end.state,
                failed_step=end.failed_step,
                error=end.error.model_dump() if end.error else None,
                now=self.deps.clock(),
            )
            wrong = await receipts.judge(session, end.run_id) if first else None
        tell_mismatch(end.run_id, wrong)


def tell_mismatch(run_id: str, wrong: StepError | None) -> None:
    """Log, once the end is stored, that the run moved something else than it promised."""
    if wrong is not None:
        _log.error("run.receipt_mismatch", run_id=run_id, reason=wrong.message)
