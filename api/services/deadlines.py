"""A deadline is whole days in a plan and becomes one instant here, at admission."""

from onebox.errors import PlanInvalid
from onebox.models import Json, OrchestrationPlan, Step

DAY_SECONDS = 86_400
# A full-length deadline must still be inside the chain's limit when its block is mined.
MARGIN_SECONDS = 60
_TOOL = "job.post"


def deadlines_of(plan: OrchestrationPlan, ics_contract: Json) -> dict[str, int]:
    """The instant (unix seconds, block time) of every step that posts a job.

    Args:
        plan: its job.deadline counts whole days.
        ics_contract: GET /contract of ICS, for the chain's head and limits.

    Raises:
        PlanInvalid: a deadline is a reference, which nobody can turn into an instant now.
    """
    chain = ics_contract["chain"]
    head, limit = int(chain["head"]["timestamp"]), int(chain["limits"]["maxJobDuration"])
    return {
        step.id: _instant(head, _days(index, step), limit)
        for index, step in enumerate(plan.steps)
        if step.tool == _TOOL
    }


def _days(index: int, step: Step) -> int:
    days = step.params["job"]["deadline"]
    if isinstance(days, int):
        return days
    pointer = f"/steps/{index}/params/job/deadline"
    raise PlanInvalid(f"{pointer} must be a whole number of days.", pointer=pointer)


def _instant(head: int, days: int, limit: int) -> int:
    seconds = days * DAY_SECONDS
    return head + (seconds - MARGIN_SECONDS if seconds == limit else seconds)
