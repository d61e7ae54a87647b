"""How soon a dead worker is noticed, phase by phase."""

from datetime import timedelta

import pytest

from workflows.options import LOOK, RECONCILE, RECORD_END, RUN_STEP, Options


@pytest.mark.parametrize("options", [RUN_STEP, RECONCILE, LOOK, RECORD_END])
def test_a_killed_workers_attempt_is_taken_up_within_ten_seconds(options: Options) -> None:
    """A look that hung for two minutes after a kill once cost a job its voting window."""
    noticed = options.get("heartbeat_timeout", options["start_to_close_timeout"])
    assert noticed <= timedelta(seconds=10)
