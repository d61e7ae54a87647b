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
from onebox.planner.intents import Understood
from onebox.planner.slots import Slots
from onebox.planner.steps import MAIN_STEP
from onebox.planner.wording import clarification, previews
from onebox.policy import Fees

_UNFIT = {"PARAM_INVALID", "FIELDS_MISSING"}
_MAX_ID_DIGITS = 78
_CONSTRAINTS = (
    *("ens_subdomain", "result", "success", "approve", "reason", "amount_agialpha", "role"),
    *("key", "value"),
)


def answer(  # noqa: PLR0913, PLR0917  the parts of the answer, each made elsewhere
    told: Understood,
    attachments: list[Attachment],
    plan: OrchestrationPlan,
    simulation: SimOut | None,
    form: Json | None,
    fees: Fees,
) -> PlanOut:
    """The answer of POST /onebox/plan; while something is missing the form is a draft."""
    codes = set(simulation.risks) if simulation else set()
    complete = not told.missing and not codes & _UNFIT
    ready = complete and simulation is not None and not simulation.blockers
    if form is not None:
        form["confirm"] = ready
    return PlanOut(
        intent=_intent(told, attachments),
        plan=plan,
        ics=form if complete else None,
        ics_draft=None if complete else form,
        missing_fields=list(told.missing),
        preview_summary=previews(
            told.intents, total=plan.budget.max, fee_pct=fees.fee_pct, burn_pct=fees.burn_pct
        ),
        warnings=[*(simulation.risks if simulation else []), *told.warnings],
        simulation=simulation,
        clarification_prompt=told.question or clarification(told.missing),
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


def _intent(told: Understood, attachments: list[Attachment]) -> JobIntent:
    """The intent named first, with what its companions know beside it."""
    said = {
        name: getattr(slots, name)
        for slots in (*reversed(told.intents), told.named)
        for name in (*_CONSTRAINTS, "job_id")
        if getattr(slots, name) is not None
    }
    named, job = told.named, said.pop("job_id", None)
    evidence = {k: v for slots in told.intents for k, v in slots.evidence.items()}
    return JobIntent(
        kind=named.kind,
        title=named.title,
        description=named.description,
        reward_agialpha=named.reward_agialpha,
        deadline_days=named.deadline_days,
        job_id=int(job) if job and len(job) <= _MAX_ID_DIGITS else None,
        attachments=attachments,
        constraints={name: said[name] for name in _CONSTRAINTS if name in said},
        evidence={**evidence, **named.evidence},
    )
