"""The question of one step, and its answer."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from onebox.models.shape import Digest, Shape


class ConfirmationOut(Shape):
    """A question that one step of a run asks before it moves money."""

    id: str
    run_id: str
    plan_id: str
    step_id: str
    gen: int
    tool: str
    state: Literal["pending", "approved", "rejected", "expired"]
    question: str
    preview: list[str]
    amount: str
    payee: str | None = None
    digest: str
    created_at: str
    expires_at: str
    decided_by: str | None = None
    decided_at: str | None = None
    comment: str | None = None


class VerdictIn(Shape):
    """The answer to one confirmation; `digest` names exactly what was shown."""

    verdict: Literal["approve", "reject"]
    digest: Digest
    comment: Annotated[str, StringConstraints(max_length=1000)] | None = None
