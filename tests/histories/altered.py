"""Today's workflow, somehow altered: each is what a careless change would make of it."""

from typing import ClassVar

from temporalio import workflow

from onebox.models import Step
from onebox.progress import Board
from onebox.run import Phase, RunEnd, RunInput, StepResult, StepTask
from workflows.options import Options
from workflows.run_plan import RunPlan
from workflows.step_runs import StepRuns


class LastFirst(Board):
    """Launches what is ready from the end of the plan."""

    def launch(self) -> list[Step]:
        """In the wrong order."""
        return super().launch()[::-1]


class Renamed(StepRuns):
    """Gives activities another id."""

    async def _call(
        self, name: str, step: Step, options: Options, phase: Phase = Phase.EXECUTE
    ) -> StepResult:
        renamed = step.model_copy(update={"id": f"{step.id}_"})
        return await super()._call(name, renamed, options, phase)

    def _task(self, step: Step, gen: int, phase: Phase) -> StepTask:
        return super()._task(step.model_copy(update={"id": step.id.removesuffix("_")}), gen, phase)


class Impatient(StepRuns):
    """Asks again without waiting for an answer."""

    async def _nudged(self, step: Step, until: float) -> None:
        """No timer."""


class Forgetful(StepRuns):
    """Hands another input to its activities: nothing is approved."""

    def _task(self, step: Step, gen: int, phase: Phase) -> StepTask:
        return super()._task(step, gen, phase).model_copy(update={"approved": False})


class AllRegular(StepRuns):
    """Runs no step within the workflow task."""

    async def _do(self, step: Step) -> StepResult:
        self._local._left = 0
        return await super()._do(step)


Parts = tuple[type[Board], type[StepRuns]]
ALTERED: dict[str, Parts] = {
    "reordered": (LastFirst, StepRuns),
    "renamed": (Board, Renamed),
    "impatient": (Board, Impatient),
    "forgetful": (Board, Forgetful),
    "regular": (Board, AllRegular),
}


@workflow.defn(name="RunPlan")
class Altered(RunPlan):
    """Today's workflow on another board, or with other steps."""

    parts: ClassVar[Parts] = (Board, StepRuns)

    @workflow.init
    def __init__(self, start: RunInput) -> None:
        """The same parts but for the altered one."""
        super().__init__(start)
        board, steps = self.parts
        self._board = board(start.plan, start.prior, start.max_parallel)
        self._steps = steps(start, self._board)

    @workflow.run
    async def run(self, start: RunInput) -> RunEnd:
        """Inherited; Temporal wants it named."""
        return await super().run(start)
