"""A deadline is whole days in a plan and becomes one instant here, at admission."""

from onebox.errors import IcsUnavailable, PlanInvalid
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
        IcsUnavailable: the chain's head or limit is no number of seconds.
    """
    chain = ics_contract["chain"]
    head, limit = _seconds(chain, "head", "timestamp"), _seconds(chain, "limits", "maxJobDuration")
    return {
        step.id: _instant(head, _days(index, step), limit)
        for index, step in enumerate(plan.steps)
        if step.tool == _TOOL
    }


def _seconds(chain: Json, part: str, name: str) -> int:
    told = chain.get(part)
    value = told.get(name) if isinstance(told, dict) else None
    if type(value) is int and value >= 0:
        return value
    raise IcsUnavailable(f"ICS tells no chain.{part}.{name} in seconds")


def _days(index: int, step: Step) -> int:
    days = step.params["job"]["deadline"]
    if isinstance(days, int):
        return days
    pointer = f"/steps/{index}/params/job/deadline"
    raise PlanInvalid(f"{pointer} must be a whole number of days.", pointer=pointer)


def _instant(head: int, days: int, limit: int) -> int:
    seconds = days * DAY_SECONDS
    return head + (seconds - MARGIN_SECONDS if seconds == limit else seconds)
