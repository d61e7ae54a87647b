"""What an activity does when it cannot go on now: says so in status, hands Temporal the delay."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.deps import ActivityDeps
from onebox.errors import OneBoxError
from onebox.models import StepState
from onebox.run import StepTask
from store import steps, waits

OUTAGE_SECONDS = 2.0


async def postpone(
    deps: ActivityDeps,
    task: StepTask,
    waiting_for: str,
    seconds: float,
    state: StepState = StepState.WAITING,
) -> ApplicationError:
    """Store the wait and give back the error to raise: benign, with its own next delay.

    No worker slot is held and history does not grow while the step waits.
    """
    now = deps.clock()
    async with deps.db.write() as session:
        await steps.set_state(session, task.run_id, task.step.id, state)
        await waits.put(
            session, task.run_id, task.step.id, waiting_for, now=now, next_look=now + seconds
        )
    return ApplicationError(
        waiting_for,
        type="Waiting",
        next_retry_delay=timedelta(seconds=seconds),
        category=ApplicationErrorCategory.BENIGN,
    )


async def outage(
    deps: ActivityDeps, task: StepTask, error: OneBoxError, state: StepState = StepState.WAITING
) -> ApplicationError:
    """The same for a part that is down or differs: the step goes on when it is back."""
    return await postpone(deps, task, f"{error.code}: {error.message}", OUTAGE_SECONDS, state)
