"""How each phase runs as an activity: one table. Workflow code may read no file, so it is code.

A regular activity costs the server and both sides' gRPC about 12 ms of CPU, a local one about 3
(docs/adr/0011). Money, looks and reconciliations stay regular: each must be taken up soon after
a kill, may last long, and shows in the Web UI while it lasts.
"""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType

from onebox.models import Effect


class Options(TypedDict, total=False):
    """Keyword arguments of `workflow.execute_activity`."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


class LocalOptions(TypedDict):
    """Keyword arguments of `workflow.execute_local_activity`."""

    schedule_to_start_timeout: timedelta
    start_to_close_timeout: timedelta
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

# Effects whose steps are tried as a local activity first. A repeat of these does no harm, and
# they are done in milliseconds: what is not done by then goes on as a regular activity, which
# finds the call under its key.
LOCAL_EFFECTS = frozenset({Effect.PURE, Effect.IDEMPOTENT})
# Waiting for its turn costs a step nothing, and the SDK beats for its task meanwhile; going on as
# a regular one would cost most just when there is most to do.
LOCAL = LocalOptions(
    schedule_to_start_timeout=timedelta(seconds=10),
    start_to_close_timeout=timedelta(seconds=2),
    retry_policy=RetryPolicy(maximum_attempts=1),
    cancellation_type=ActivityCancellationType.TRY_CANCEL,
)
# Signals, cancels and queries wait for the workflow task that a local activity runs in: after
# so many in a row (0.6 s of work) one step runs as a regular activity, whose end is a new task.
# A new run is told it in its input, so a change leaves those under way as they were.
LOCAL_IN_A_ROW = 64
# A killed worker's task, and the local activities in it, go to another worker after this. The
# task of a long plan may have to replay a long history in that time.
_STEPS_OF_A_LONG_PLAN = 250


def task_timeout(steps: int) -> timedelta:
    """How long one workflow task of a plan with so many steps may last."""
    return timedelta(seconds=5 if steps <= _STEPS_OF_A_LONG_PLAN else 10)
