"""One log line an attempt of an activity, its ids bound to every line written inside it."""

import time
from contextlib import AbstractContextManager
from logging import DEBUG, INFO
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from onebox.logs import bound, logger
from onebox.run import RunEnd, StepTask

_log = logger(__name__)
# Days of waiting are thousands of looks, and status says what is waited for.
_WAITING = "activity.waiting"


class ObserveActivities(Interceptor):
    """Given to the worker; workflows are left alone."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap each attempt."""
        return _Observed(next)


class _Observed(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        subject = input.args[0] if input.args else None
        began = time.perf_counter()
        with _ids(subject):
            try:
                result = await super().execute_activity(input)
            except BaseException as error:
                _say(_event_of(error), subject, began, reason=str(error))
                raise
            _say("activity.done", subject, began)
            return result


def _event_of(error: BaseException) -> str:
    waits = (
        isinstance(error, ApplicationError) and error.category is ApplicationErrorCategory.BENIGN
    )
    return _WAITING if waits else "activity.interrupted"


def _ids(subject: Any) -> AbstractContextManager[None]:
    match subject:
        case StepTask():
            trace_id = str(subject.meta.trace_id)
            return bound(plan_id=subject.plan_id, run_id=subject.run_id, trace_id=trace_id)
        case RunEnd():
            return bound(plan_id=subject.plan_id, run_id=subject.run_id, trace_id=subject.trace_id)
        case _:
            return bound()


def _say(event: str, subject: Any, began: float, **more: str) -> None:
    info = activity.info()
    step = {"step_id": subject.step.id, "gen": subject.gen} if isinstance(subject, StepTask) else {}
    ms = round((time.perf_counter() - began) * 1000, 1)
    level = DEBUG if event == _WAITING else INFO
    _log.log(level, event, activity=info.activity_type, attempt=info.attempt, ms=ms, **step, **more)
