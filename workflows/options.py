"""How each phase runs as an activity: one table. Workflow code may read no file, so it is code.

All are regular activities: local ones would be cheaper for short steps
(performance.md 2.3), and which of them may be is for a measurement to say.
"""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType


class Options(TypedDict, total=False):
    """Keyword arguments of `workflow.execute_activity`."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


def _retries(first: float, most: float) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=timedelta(seconds=first), maximum_interval=timedelta(seconds=most)
    )


# A repeated attempt of run_step or reconcile meets the claim row, so repeats are harmless;
# both finish once begun, because the money may be under way.
RUN_STEP = Options(
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=_retries(1, 10),
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
RECONCILE = Options(
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=_retries(2, 60),
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
# A look may wait for days in its retry delay: no schedule-to-close limit, ended at once. The
# short heartbeat is for the killed worker: its look must be taken up before a window closes.
LOOK = Options(
    start_to_close_timeout=timedelta(minutes=2),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=_retries(2, 60),
    cancellation_type=ActivityCancellationType.TRY_CANCEL,
)
RECORD_END = Options(
    start_to_close_timeout=timedelta(seconds=10),
    retry_policy=_retries(1, 10),
)
SWEEP = Options(
    start_to_close_timeout=timedelta(seconds=55),
    retry_policy=_retries(5, 30),
)
