"""Revise: the stored plan that a caller answers, as the planner wants it."""

from collections.abc import Iterator

from api.auth import Caller
from api.deps import Deps
from onebox.errors import InputTextRequired, ValidationFailed
from onebox.models import OrchestrationPlan, PlanIn
from onebox.planner import Revision
from store import plans


async def revision_of(deps: Deps, caller: Caller, asked: PlanIn) -> Revision | None:
    """The predecessor with the answers, or None for a sentence of its own.

    Raises:
        PlanNotFound: no plan of this tenant has this id.
        InputTextRequired: neither an answer nor a sentence says what to change.
        ValidationFailed: the plan was not made of a sentence.
    """
    if asked.revises is None:
        return None
    async with deps.db.read() as session:
        row = await plans.load_row(session, asked.revises, caller.tenant)
    if not asked.answers and not (asked.input_text or "").strip():
        raise InputTextRequired
    plan = OrchestrationPlan.model_validate_json(row.body)
    if row.source == "imported":
        message = "Only a plan that OneBox made of a sentence can be revised."
        raise ValidationFailed(message, errors=[{"pointer": "/revises", "message": message}])
    return Revision(plan, row.input_text or "", asked.answers, asked.input_text or "")


def wrong_answers(asked: PlanIn) -> Iterator[tuple[str, str]]:
    """Answers belong to a plan."""
    if asked.answers and asked.revises is None:
        yield "/answers", "Answers need `revises`: the id of the plan that they complete."
