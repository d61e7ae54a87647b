"""What a workflow hands to its activities: as its history has it, and as today's code does it.

A new field of an input has its default in an old history. Where today's workflow fills it with
something else, activities must do without it for runs of before: say so here, by name.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from onebox.run import RunEnd, StepTask

_INPUTS: dict[str, type[BaseModel]] = {
    **dict.fromkeys(("run_step", "look", "reconcile"), StepTask),
    "record_end": RunEnd,
}
# An activity's id, what it is, and its input as today's models read it.
Handed = tuple[str, str, str]


def handed_over(history: WorkflowHistory) -> set[Handed]:
    """What the regular activities of a history were given; a local one leaves no input.

    Raises:
        ValidationError: today's activities could not even read it.
    """
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    return {_recorded(each) for each in scheduled}


def _recorded(given: ActivityTaskScheduledEventAttributes) -> Handed:
    kind = given.activity_type.name
    read = [_INPUTS[kind].model_validate_json(each.data) for each in given.input.payloads]
    return given.activity_id, kind, repr(read)


class Listener(Interceptor):
    """Hears what replayed workflows hand over."""

    def __init__(self) -> None:
        self.handed: set[Handed] = set()

    def workflow_interceptor_class(
        self, _input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """One that tells us."""
        handed = self.handed

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(_Outbound(outbound, handed.add))

        return Inbound


class _Outbound(WorkflowOutboundInterceptor):
    def __init__(
        self, following: WorkflowOutboundInterceptor, tell: Callable[[Handed], None]
    ) -> None:
        super().__init__(following)
        self._tell = tell

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002  the SDK's name
        self._tell((input.activity_id or "", input.activity, repr(list(input.args))))
        return super().start_activity(input)
