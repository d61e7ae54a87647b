"""The intents of a stored plan, read back out of its steps."""

from typing import Any

from onebox.models import Attachment, IntentKind, Json, OrchestrationPlan, Step
from onebox.planner.slots import Slots
from onebox.planner.steps import MAIN_STEP

_KINDS = {step: kind for kind, step in MAIN_STEP.items()}


def intents_of(plan: OrchestrationPlan, description: str) -> tuple[Slots, ...]:
    """The intents in the order of their steps; none for a plan of `custom`.

    Args:
        plan: as the planner made it.
        description: the text it was made of.
    """
    steps = {step.id: step for step in plan.steps}
    if MAIN_STEP[IntentKind.POST_JOB] in steps:
        return (_posted(steps, description),)
    named = [(_KINDS[step.id], step) for step in plan.steps if step.id in _KINDS]
    return tuple(_slots(kind, step.params, description) for kind, step in named)


def attachments_of(plan: OrchestrationPlan) -> list[Attachment]:
    """The attachments of the job's spec."""
    pinned = next((step for step in plan.steps if step.id == "pin_spec"), None)
    files = pinned.params.get("attachments") or [] if pinned else []
    return [Attachment.model_validate(file) for file in files]


def _posted(steps: dict[str, Step], description: str) -> Slots:
    kind = IntentKind.POST_JOB
    job = steps[MAIN_STEP[kind]].params.get("job", {})
    days = job.get("deadline")
    gate = steps["moderation_gate"].params if "moderation_gate" in steps else {}
    return Slots(
        kind,
        _text(gate.get("description")) or description,
        title=_text(job.get("title")),
        reward_agialpha=_text(job.get("rewardAGIA")),
        deadline_days=days if isinstance(days, int) else None,
    )


def _slots(kind: IntentKind, params: Json, description: str) -> Slots:
    stake = params.get("stake", {})
    return Slots(
        kind,
        description,
        job_id=_text(params.get("jobId")),
        ens_subdomain=_text(params.get("ens", {}).get("subdomain")),
        result=params.get("result"),
        success=params.get("success"),
        approve=params.get("approve"),
        reason=params.get("reason"),
        amount_agialpha=_text(stake.get("amountAGIA")),
        role=_text(stake.get("role")),
        key=_text(params.get("key")),
        value=_text(params.get("value")),
    )


def _text(value: Any) -> str | None:
    """A reference to another step's output is no value of the sentence."""
    return value if isinstance(value, str) else None
