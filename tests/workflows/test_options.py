"""How soon a dead worker is noticed, phase by phase."""

from datetime import timedelta

import pytest

from workflows.options import (
    LOCAL,
    LOOK,
    RECONCILE,
    RECORD_END,
    RUN_STEP,
    Options,
    task_timeout,
)


@pytest.mark.parametrize("options", [RUN_STEP, RECONCILE, LOOK, RECORD_END])
def test_a_killed_workers_attempt_is_taken_up_within_ten_seconds(options: Options) -> None:
    """A look that hung for two minutes after a kill once cost a job its voting window."""
    noticed = options.get("heartbeat_timeout", options["start_to_close_timeout"])
    assert noticed <= timedelta(seconds=10)


@pytest.mark.parametrize("steps", [1, 250, 1000])
def test_a_killed_workers_task_is_taken_up_within_ten_seconds(steps: int) -> None:
    """What runs within a workflow task is noticed by the task's own time limit, and fits in it."""
    assert task_timeout(steps) <= timedelta(seconds=10)
    assert LOCAL["start_to_close_timeout"] < task_timeout(steps)
