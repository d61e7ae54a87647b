"""The end of a run: its row says how, what is still held goes back, its counters count once."""

from dataclasses import dataclass

from temporalio import activity

from activities.deps import ActivityDeps
from onebox.run import RunEnd
from store import runs


@dataclass
class RecordEnd:
    """The last activity of every run."""

    deps: ActivityDeps

    @activity.defn(name="record_end")
    async def record_end(self, end: RunEnd) -> None:
        """Store the end; the first one stored is the run's."""
        async with self.deps.db.write() as session:
            await runs.finish(
                session,
                end.run_id,
                state=end.state,
                failed_step=end.failed_step,
                error=end.error.model_dump() if end.error else None,
                now=self.deps.clock(),
            )
