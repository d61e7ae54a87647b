"""Activities that follow a script: the real seam of the workflow is the activities' names."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity

from onebox.models import StepError, StepState
from onebox.run import RunEnd, StepEnd, StepResult, StepTask

Answer = StepResult | Exception


def done(**outputs: Any) -> StepResult:
    """The step did what it should."""
    return StepResult(end=StepEnd.SETTLED, state=StepState.COMPLETED, outputs=outputs)


def failed(code: str = "INSUFFICIENT_BALANCE") -> StepResult:
    """The step failed with proof that nothing moved."""
    error = StepError(code=code, message="scripted")
    return StepResult(end=StepEnd.SETTLED, state=StepState.FAILED, error=error)


def asked(until: float) -> StepResult:
    """The step asked and stands until then (unix seconds)."""
    return StepResult(end=StepEnd.ASKED, state=StepState.AWAITING_CONFIRMATION, ask_until=until)


SENT = StepResult(end=StepEnd.SENT, state=StepState.UNKNOWN)
NOT_EXECUTED = StepResult(end=StepEnd.NOT_EXECUTED, state=StepState.RUNNING)


class ScriptedActivities:
    """Answers each call from the step's script, then repeats the last answer.

    `calls` lists (activity, step id, phase, gen) in order; `at_once` is the most that
    were under way together. Steps take `seconds`, those in `slow` their own.
    """

    def __init__(
        self,
        script: dict[str, Sequence[Answer]],
        seconds: float = 0.0,
        slow: dict[str, float] | None = None,
    ) -> None:
        self._script = {key: list(answers) for key, answers in script.items()}
        self._seconds = seconds
        self._slow = slow or {}
        self._under_way = 0
        self.at_once = 0
        self.calls: list[tuple[str, str, str, int]] = []
        self.tasks: dict[str, StepTask] = {}
        self.ends: list[RunEnd] = []
        self.seen: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def all(self) -> list[Callable[..., Any]]:
        """What the worker registers."""
        return [self.run_step, self.look, self.reconcile, self.record_end]

    @activity.defn(name="run_step")
    async def run_step(self, task: StepTask) -> StepResult:
        """Scripted."""
        return await self._answer("run_step", task)

    @activity.defn(name="look")
    async def look(self, task: StepTask) -> StepResult:
        """Scripted."""
        return await self._answer("look", task)

    @activity.defn(name="reconcile")
    async def reconcile(self, task: StepTask) -> StepResult:
        """Scripted under `<step id>:reconcile`."""
        return await self._answer("reconcile", task)

    @activity.defn(name="record_end")
    async def record_end(self, end: RunEnd) -> None:
        """Scripted under `record_end`, and kept."""
        self._next("record_end")
        self.ends.append(end)

    async def _answer(self, name: str, task: StepTask) -> StepResult:
        self.calls.append((name, task.step.id, task.phase.value, task.gen))
        self.tasks[task.step.id] = task
        self.seen[task.step.id].set()
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        try:
            await asyncio.sleep(self._slow.get(task.step.id, self._seconds))
            return self._next(task.step.id + (":reconcile" if name == "reconcile" else ""))
        finally:
            self._under_way -= 1

    def _next(self, key: str) -> StepResult:
        answers = self._script.get(key, [done()])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
