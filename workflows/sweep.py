"""Sweep: the second workflow, on a schedule; what was left half-said is said again."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.options import SWEEP


@workflow.defn(name="Sweep")  # the name is in history: never rename
class Sweep:
    """Runs the sweep activity once."""

    @workflow.run
    async def run(self) -> None:
        """One sweep."""
        await workflow.execute_activity(
            "sweep", activity_id="sweep", summary="Sweep runs and questions", **SWEEP
        )
