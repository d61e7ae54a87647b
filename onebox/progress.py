"""The board of a run: which steps stand where, and what may start next. Pure."""

from collections.abc import Iterable, Mapping

from onebox.dag import ready, references
from onebox.models import Json, OrchestrationPlan, RunState, Step, StepError, StepState

# The first state of this list that any step is in is what the run is said to be doing.
_RUN_STATE_OF_STEP = (
    (StepState.UNKNOWN, RunState.AWAITING_RECONCILIATION),
    (StepState.AWAITING_CONFIRMATION, RunState.AWAITING_CONFIRMATION),
    (StepState.RUNNING, RunState.RUNNING),
    (StepState.WAITING, RunState.WAITING),
)


def live_run_state(steps: Iterable[StepState], *, cancelling: bool = False) -> RunState:
    """What a run that has not ended is doing, seen from its steps' states."""
    states = set(steps)
    if cancelling and StepState.UNKNOWN not in states:
        return RunState.CANCELLING
    found = (run for step, run in _RUN_STATE_OF_STEP if step in states)
    return next(found, RunState.RUNNING)


class Board:
    """The states and outputs of a run's steps, changed only by what activities report."""

    def __init__(
        self, plan: OrchestrationPlan, prior: Mapping[str, Json], max_parallel: int
    ) -> None:
        self._plan = plan
        self._max_parallel = max_parallel
        self.states = {step.id: StepState.PENDING for step in plan.steps}
        self.outputs: dict[str, Json] = {}
        self.failed_step: str | None = None
        self.error: StepError | None = None
        self.stopping = False
        self.cancelled = False
        for step_id, outputs in prior.items():
            self.complete(step_id, outputs)

    def launch(self) -> list[Step]:
        """Steps to start now, in plan order, marked as running."""
        if self.stopping:
            return []
        done = {s for s, state in self.states.items() if state is StepState.COMPLETED}
        started = {s for s, state in self.states.items() if state is not StepState.PENDING}
        room = self._max_parallel - len(started - done)
        batch = ready(self._plan.steps, done=done, started=started)[: max(room, 0)]
        for step in batch:
            self.states[step.id] = StepState.RUNNING
        return batch

    def complete(self, step_id: str, outputs: Json) -> None:
        """The step did what it should; later steps may refer to its outputs."""
        self.states[step_id] = StepState.COMPLETED
        self.outputs[step_id] = outputs

    def fail(self, step_id: str, error: StepError | None) -> None:
        """The step failed: nothing new starts; the first failure names the run's."""
        self.states[step_id] = StepState.FAILED
        self.stopping = True
        if self.failed_step is None:
            self.failed_step, self.error = step_id, error

    def skip(self, step_id: str) -> None:
        """The step was ended before it did anything."""
        self.states[step_id] = StepState.SKIPPED

    def cancel(self) -> None:
        """Nothing new starts; what was sent is still settled."""
        self.stopping = self.cancelled = True

    def close(self) -> RunState:
        """Skip what never started and say how the run ended."""
        for step_id, state in self.states.items():
            if state is StepState.PENDING:
                self.skip(step_id)
        if self.failed_step is not None:
            return RunState.FAILED
        complete = all(state is StepState.COMPLETED for state in self.states.values())
        return RunState.SUCCEEDED if complete else RunState.CANCELLED

    def inputs_of(self, step: Step) -> dict[str, Json]:
        """The outputs that the step's params refer to, and no others."""
        named = {reference.step for reference in references(step.params)}
        return {
            step_id: self.outputs[step_id] for step_id in sorted(named) if step_id in self.outputs
        }

    def live_state(self) -> RunState:
        """What the run is doing now."""
        return live_run_state(self.states.values(), cancelling=self.cancelled)
