"""What the engine's client makes of what Temporal says."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueResponse

from onebox.contract import load_contract
from workflows.client import Engine

POLLED_AT = 1_800_000_000


@dataclass
class Temporal:
    """A server whose task queue was last polled at these unix seconds."""

    polls: list[int]
    namespace: str = "onebox"
    workflow_service: Any = field(init=False)

    def __post_init__(self) -> None:
        """It is its own service."""
        self.workflow_service = self

    async def describe_task_queue(
        self,
        _asked: object,
        timeout: object,  # noqa: ASYNC109  the client's own name for it
    ) -> DescribeTaskQueueResponse:
        """The pollers."""
        assert timeout is not None
        found = DescribeTaskQueueResponse()
        for at in self.polls:
            poller = PollerInfo()
            poller.last_access_time.FromSeconds(at)
            found.pollers.append(poller)
        return found


@pytest.mark.parametrize(
    ("now", "alive"),
    [
        (POLLED_AT, True),
        (POLLED_AT + 69, True),
        (POLLED_AT + 71, False),
        (POLLED_AT - 69, True),
        (POLLED_AT - 3600, False),
    ],
    ids=["now", "a long poll ago", "longer ago", "clocks a little apart", "the clock was set back"],
)
async def test_a_worker_is_alive_while_its_last_poll_is_near(now: int, *, alive: bool) -> None:
    """A dead worker does not look alive for an hour because the clock was set back by one."""
    server = cast("Any", Temporal([POLLED_AT]))
    engine = Engine(server, "onebox", load_contract(Path("config")), clock=lambda: now)
    assert await engine.has_worker() is alive


async def test_nobody_polls_a_queue_without_pollers() -> None:
    """No worker ever came, or all were forgotten."""
    engine = Engine(cast("Any", Temporal([])), "onebox", load_contract(Path("config")))
    assert not await engine.has_worker()
