"""Which steps of a run are done within a workflow task, as local activities."""

from onebox.models import Effect, Step
from onebox.run import RunInput
from workflows.options import LOCAL_EFFECTS


class LocalTurns:
    """Takes so many steps in a row; what a money step needs is never among them.

    A cancel waits for the end of the workflow task. It must be heard before money moves, so
    the step before money ends a task: as a regular activity.
    """

    def __init__(self, start: RunInput) -> None:
        effects = {step_id: Effect(effect) for step_id, effect in start.effects.items()}
        before_money = {
            need
            for step in start.plan.steps
            if effects[step.id] is Effect.MONEY
            for need in step.needs
        }
        self._may = {
            step_id
            for step_id, effect in effects.items()
            if effect in LOCAL_EFFECTS and step_id not in before_money
        }
        self._in_a_row = self._left = start.local_in_a_row

    def takes(self, step: Step) -> bool:
        """True when this step is done within the task."""
        if step.id not in self._may or self._left == 0:
            return False
        self._left -= 1
        return True

    def renew(self) -> None:
        """A regular activity has ended: a new task has begun."""
        self._left = self._in_a_row
