"""How one step runs: looks for what it waits for, or acts; asks first where it must."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from onebox.models import Effect, Step, StepError, StepState
    from onebox.progress import Board
    from onebox.run import Phase, RunInput, StepEnd, StepResult, StepTask
    from workflows.local_turns import LocalTurns
    from workflows.options import LOCAL, LOOK, RECONCILE, RUN_STEP, Options

T = TypeVar("T")
# A key that is fenced again and again is no accident: then a person should look.
_MAX_GENS = 5


class StepRuns:
    """The steps of one run under way, and the way to end those that have sent nothing."""

    def __init__(self, start: RunInput, board: Board) -> None:
        self._start = start
        self._board = board
        self._local = LocalTurns(start)
        self._nudges: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        self._endable: dict[str, asyncio.Task[None]] = {}
        self.gens = dict(start.gens)

    def nudge(self, step_id: str) -> None:
        """A row about this step was stored: look at it."""
        self._nudges[step_id] = self._nudges.get(step_id, 0) + 1

    def stop(self) -> None:
        """End looks, questions and outages; what was sent is still settled."""
        for task in list(self._endable.values()):
            task.cancel()

    async def run(self, step: Step) -> StepResult:
        """The step from start to end.

        Raises:
            asyncio.CancelledError, ActivityError: it was ended before it sent anything.
        """
        match Effect(self._start.effects[step.id]):
            case Effect.WAIT:
                self._board.states[step.id] = StepState.WAITING
                return await self._endably(step, self._call("look", step, LOOK))
            case Effect.MONEY:
                return await self._move(step)
            case Effect.PURE | Effect.IDEMPOTENT:
                return await self._endably(step, self._do(step))

    async def _do(self, step: Step) -> StepResult:
        """A step that may be repeated: within the workflow task where that is worth it."""
        if self._local.takes(step):
            try:
                return await self._call_locally("run_step", step)
            except FailureError as error:  # the bare one: a local activity's is not wrapped
                if is_cancelled_exception(error):
                    raise asyncio.CancelledError from error
        return await self._call("run_step", step, RUN_STEP)

    async def _move(self, step: Step) -> StepResult:
        """A money step, generation by generation, until one is settled."""
        while True:
            result = await self._move_once(step)
            gen = self.gens.get(step.id, 0)
            if result.end is not StepEnd.NOT_EXECUTED:
                return result
            if gen + 1 == _MAX_GENS:
                return _given_up(result)
            if self._board.stopping:
                raise asyncio.CancelledError
            self.gens[step.id] = gen + 1

    async def _move_once(self, step: Step) -> StepResult:
        act = self._call if step.id in self._start.approvals else self._asked
        try:
            result = await self._endably(step, act("run_step", step, RUN_STEP))
        except ActivityError:  # ended or lost in the middle: the claim row knows how far it came
            result = StepResult(end=StepEnd.SENT, state=StepState.UNKNOWN)
        return await self._reconcile(step) if result.end is StepEnd.SENT else result

    async def _asked(self, name: str, step: Step, options: Options) -> StepResult:
        """Show what the step would do, then wait for its answer while the question stands."""
        result = await self._call(name, step, options, Phase.PREVIEW)
        while result.end is StepEnd.ASKED:
            self._board.states[step.id] = StepState.AWAITING_CONFIRMATION
            await self._nudged(step, result.ask_until or 0.0)
            self._board.states[step.id] = StepState.RUNNING
            result = await self._call(name, step, options)
        return result

    async def _nudged(self, step: Step, until: float) -> None:
        """Until the step is nudged, or a second after its question expired.

        A nudge that came before the question counts too: a reset in the Web UI puts the
        nudges of the old workflow at the beginning of the new one.
        """
        seconds = max(until - workflow.time(), 0.0) + 1.0
        try:
            await workflow.wait_condition(
                lambda: self._nudges.get(step.id, 0) > self._heard.get(step.id, 0),
                timeout=timedelta(seconds=seconds),
                timeout_summary=f"{step.name}: answer",
            )
        except TimeoutError:
            return
        self._heard[step.id] = self._nudges[step.id]

    async def _reconcile(self, step: Step) -> StepResult:
        """Never ended early: whether tokens moved must come out."""
        self._board.states[step.id] = StepState.UNKNOWN
        result = await self._call("reconcile", step, RECONCILE)
        self._board.states[step.id] = StepState.RUNNING
        return result

    async def _endably(self, step: Step, work: Awaitable[T]) -> T:
        """Work that a failed sibling or a cancel may end."""
        task = asyncio.current_task()
        if task is not None:
            self._endable[step.id] = task
        try:
            return await work
        finally:
            self._endable.pop(step.id, None)

    async def _call(
        self, name: str, step: Step, options: Options, phase: Phase = Phase.EXECUTE
    ) -> StepResult:
        """The activity of this phase, under the step's own id."""
        gen = self.gens.get(step.id, 0)
        suffix = ":preview" if phase is Phase.PREVIEW else ""
        suffix += ":reconcile" if name == "reconcile" else ""
        result: StepResult = await workflow.execute_activity(
            name,
            self._task(step, gen, phase),
            result_type=StepResult,
            activity_id=f"{step.id}{suffix}" + (f":{gen}" if gen else ""),
            summary=step.name,
            **options,
        )
        self._local.renew()
        return result

    async def _call_locally(self, name: str, step: Step) -> StepResult:
        """The same in this workflow task: once, and not for long."""
        result: StepResult = await workflow.execute_local_activity(
            name,
            self._task(step, self.gens.get(step.id, 0), Phase.EXECUTE),
            result_type=StepResult,
            activity_id=step.id,
            summary=step.name,
            **LOCAL,
        )
        return result

    def _task(self, step: Step, gen: int, phase: Phase) -> StepTask:
        start = self._start
        return StepTask(
            run_id=start.run_id,
            root_run_id=start.root_run_id,
            tenant=start.tenant,
            plan_id=start.plan.plan_id,
            meta=start.plan.metadata,
            step=step,
            gen=gen,
            phase=phase,
            outputs=self._board.inputs_of(step),
            deadline_at=start.deadlines.get(step.id),
            approved=step.id in start.approvals,
        )


def _given_up(result: StepResult) -> StepResult:
    """The same, as the failure that it is: a run that fails says why."""
    message = f"{_MAX_GENS} times it was proved that the step had not run; nothing was moved."
    error = result.error or StepError(code="FENCED", message=message)
    return result.model_copy(update={"state": StepState.FAILED, "error": error})
