"""RunPlan: the order of a plan's steps, and nothing else."""

import asyncio

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from onebox.models import RunState, Step, StepError, StepState
    from onebox.progress import Board
    from onebox.run import LiveState, RunEnd, RunInput, StepResult
    from workflows.options import LOCAL, RECORD_END
    from workflows.step_runs import StepRuns

_STATE = SearchAttributeKey.for_keyword("OneboxState")


@workflow.defn(name="RunPlan")  # the name is in history: never rename
class RunPlan:
    """Runs an approved plan once: ready steps in parallel, until nothing is under way."""

    @workflow.init
    def __init__(self, start: RunInput) -> None:
        """The board knows where each step stands, the step runs how one gets there."""
        self._board = Board(start.plan, start.prior, start.max_parallel)
        self._steps = StepRuns(start, self._board)
        self._ends: asyncio.Queue[str] = asyncio.Queue()

    @workflow.run
    async def run(self, start: RunInput) -> RunEnd:
        """Launch what is ready, wait for any end, stop at the first failure or a cancel."""
        running: dict[str, asyncio.Task[None]] = {}
        while True:
            for step in self._board.launch():
                running[step.id] = asyncio.create_task(self._one(step))
            if not running:
                return await self._end(start)
            try:
                await running.pop(await self._ends.get())
            except asyncio.CancelledError:
                self._board.cancel()
            if self._board.stopping:
                self._steps.stop()

    @workflow.signal(name="nudge")
    def nudge(self, step_id: str) -> None:
        """A row about this step was stored: look at it."""
        self._steps.nudge(step_id)

    @workflow.query(name="state")
    def state(self) -> LiveState:
        """Where every step stands; the rows hold the rest."""
        return LiveState(
            state=self._board.live_state(), steps=self._board.states, gens=self._steps.gens
        )

    async def _one(self, step: Step) -> None:
        """One step to its end, told to the board; raises only for a fault of our own code."""
        try:
            self._report(step, await self._steps.run(step))
        except asyncio.CancelledError:
            self._board.skip(step.id)
        except ActivityError as error:
            self._interrupted(step, error)
        finally:
            self._ends.put_nowait(step.id)

    def _report(self, step: Step, result: StepResult) -> None:
        if result.state is StepState.COMPLETED:
            self._board.complete(step.id, result.outputs)
        else:
            self._board.fail(step.id, result.error)

    def _interrupted(self, step: Step, error: ActivityError) -> None:
        if is_cancelled_exception(error):
            self._board.skip(step.id)
        else:
            message = str(error.cause or error)
            self._board.fail(step.id, StepError(code="INTERNAL_ERROR", message=message))

    async def _end(self, start: RunInput) -> RunEnd:
        """Record the end, whatever is asked of the workflow meanwhile, then show it."""
        state = self._board.close()
        end = RunEnd(
            run_id=start.run_id,
            plan_id=start.plan.plan_id,
            trace_id=str(start.plan.metadata.trace_id),
            state=state,
            failed_step=self._board.failed_step,
            error=self._board.error,
        )
        workflow.upsert_search_attributes([_STATE.value_set(state.value)])
        await self._recorded(end)
        if state is RunState.CANCELLED:
            raise asyncio.CancelledError
        if state is RunState.FAILED and end.error is not None:
            message = f"{end.failed_step}: {end.error.message}"
            raise ApplicationError(message, type=end.error.code, non_retryable=True)
        return end

    async def _recorded(self, end: RunEnd) -> None:
        record = asyncio.create_task(_record(end))
        while not record.done():
            try:
                await asyncio.shield(record)
            except asyncio.CancelledError:
                continue


async def _record(end: RunEnd) -> None:
    """Store the end: at once where that works, else until it does."""
    try:
        await workflow.execute_local_activity(
            "record_end", end, activity_id="record_end", summary="Record the end", **LOCAL
        )
    except FailureError:
        await workflow.execute_activity(
            "record_end", end, activity_id="record_end", summary="Record the end", **RECORD_END
        )
