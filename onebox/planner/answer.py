"""What the planner answers: the plan with its intent, its ICS form and its questions."""

from onebox.contract import Contract
from onebox.models import (
    Attachment,
    IntentKind,
    JobIntent,
    Json,
    OrchestrationPlan,
    PlanOut,
    SimOut,
)
from onebox.planner.slots import Slots
from onebox.planner.steps import MAIN_STEP
from onebox.planner.wording import clarification, preview
from onebox.policy import Fees

_UNFIT = {"PARAM_INVALID", "FIELDS_MISSING"}
_MAX_ID_DIGITS = 78


def answer(  # noqa: PLR0913, PLR0917  the parts of the answer, each made elsewhere
    slots: Slots,
    attachments: list[Attachment],
    plan: OrchestrationPlan,
    simulation: SimOut | None,
    form: Json | None,
    fees: Fees,
) -> PlanOut:
    """The answer of POST /onebox/plan; while something is missing the form is a draft."""
    codes = set(simulation.risks) if simulation else set()
    complete = not slots.missing and not codes & _UNFIT
    ready = complete and simulation is not None and not simulation.blockers
    if form is not None:
        form["confirm"] = ready
    return PlanOut(
        intent=_intent(slots, attachments),
        plan=plan,
        ics=form if complete else None,
        ics_draft=None if complete else form,
        missing_fields=list(slots.missing),
        preview_summary=preview(
            slots, total=plan.budget.max, fee_pct=fees.fee_pct, burn_pct=fees.burn_pct
        ),
        warnings=list(simulation.risks) if simulation else [],
        simulation=simulation,
        clarification_prompt=clarification(slots.missing),
        requires_confirmation=ready,
    )


def ics_form(slots: Slots, plan: OrchestrationPlan, contract: Contract) -> Json | None:
    """The ICS object of the intent that the sentence named first; `$from` leaves stay."""
    if slots.kind is IntentKind.CUSTOM:
        return None
    step = next(step for step in plan.steps if step.id == MAIN_STEP[slots.kind])
    return {
        "intent": contract.tools[step.tool or ""].intent,
        "params": step.params,
        "confirm": False,
        "meta": plan.metadata.for_ics(),
    }


def _intent(slots: Slots, attachments: list[Attachment]) -> JobIntent:
    names = ("ens_subdomain", "result", "success", "approve", "reason", "amount_agialpha", "role")
    said = {name: getattr(slots, name) for name in (*names, "key", "value")}
    return JobIntent(
        kind=slots.kind,
        title=slots.title,
        description=slots.description,
        reward_agialpha=slots.reward_agialpha,
        deadline_days=slots.deadline_days,
        job_id=int(slots.job_id) if slots.job_id and len(slots.job_id) <= _MAX_ID_DIGITS else None,
        attachments=attachments,
        constraints={name: value for name, value in said.items() if value is not None},
    )
