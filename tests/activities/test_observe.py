"""One log line an attempt: what it did, for which run; a wait says so to those who debug."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.observe import ObserveActivities
from tests.activities.conftest import SCREEN, World

_WAITS = ApplicationError("no submission yet", category=ApplicationErrorCategory.BENIGN)


class _Ends(ActivityInboundInterceptor):
    """An activity that ends in one way."""

    def __init__(self, error: BaseException | None) -> None:
        self._error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        """Raise, or return what came in."""
        if self._error is not None:
            raise self._error
        return input.args[0]


async def attempted(world: World, error: BaseException | None) -> EventDict:
    """The one line of an attempt."""
    observed = ObserveActivities().intercept_activity(_Ends(error))
    given = ExecuteActivityInput(fn=len, args=[world.task(SCREEN)], executor=None, headers={})
    with capture_logs() as said:
        task = asyncio.ensure_future(ActivityEnvironment().run(observed.execute_activity, given))
        await asyncio.wait([task])
    assert (task.exception() or task.result()) is (error or given.args[0])
    (line,) = said
    return line


@pytest.mark.parametrize(
    ("error", "event", "level"),
    [
        (None, "activity.done", "info"),
        (_WAITS, "activity.waiting", "debug"),
        (ApplicationError("a fault"), "activity.interrupted", "info"),
        (ValueError("a fault"), "activity.interrupted", "info"),
    ],
)
async def test_an_attempt_is_one_line(
    world: World, error: BaseException | None, event: str, level: str
) -> None:
    """Days of waiting fill no log, and nothing else is quiet."""
    line = await attempted(world, error)
    assert (line["event"], line["log_level"]) == (event, level)
    assert line["step_id"] == SCREEN.id
    assert line.get("reason") == (str(error) if error else None)
