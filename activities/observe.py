"""One log line an attempt of an activity, its ids bound to every line written inside it."""

import time
from contextlib import AbstractContextManager
from typing import Any

from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from onebox.logs import bound, logger
from onebox.run import RunEnd, StepTask

_log = logger(__name__)


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
                _say("activity.interrupted", subject, began, reason=str(error))
                raise
            _say("activity.done", subject, began)
            return result


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
    _log.info(event, activity=info.activity_type, attempt=info.attempt, ms=ms, **step, **more)
