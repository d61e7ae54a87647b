"""A sentence and the plan that it becomes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from onebox.models.shape import Digest, Json, Shape, StepId, UserId
from onebox.models.words import IntentKind, StepKind, TxMode


class Meta(Shape):
    """Who acts, under which trace, by which road; immutable from plan to receipt."""

    user_id: UserId = Field(alias="userId")
    trace_id: UUID = Field(alias="traceId")
    tx_mode: TxMode | None = Field(default=None, alias="txMode")

    def for_ics(self) -> Json:
        """The `meta` of an ICS object: an absent txMode stays absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class MetaIn(Shape):
    """What a caller may say about meta; the server fills the rest."""

    user_id: UserId | None = Field(default=None, alias="userId")
    trace_id: UUID | None = Field(default=None, alias="traceId")
    tx_mode: TxMode | None = Field(default=None, alias="txMode")


class Attachment(Shape):
    """A reference to bytes stored elsewhere; OneBox never uploads them."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    cid: Annotated[str, StringConstraints(max_length=255)] | None = None
    size: int | None = Field(default=None, ge=0, le=2**53 - 1)


class Evidence(Shape):
    """Where a value comes from: characters start..end of `PlanOut.input_text`.

    `by` is "answer" for what a later answer gave; one that was typed as a field has no place.
    """

    start: int | None = None
    end: int | None = None
    by: Literal["text", "answer"] = "text"


class JobIntent(Shape):
    """What was understood of the sentence; `evidence` per field that is filled."""

    kind: IntentKind
    title: str | None = None
    description: str | None = None
    reward_agialpha: str | None = None
    deadline_days: int | None = Field(default=None, ge=0)
    job_id: int | None = None
    attachments: list[Attachment] = []
    constraints: Json = {}
    evidence: dict[str, Evidence] = {}


class StepOutput(Shape):
    """What a step brought back."""

    cid: str | None = None
    tx: str | None = None
    data: Json | None = None


class Step(Shape):
    """One node of the plan; `params` is the whole payload of one ICS intent.

    A leaf of `params` may be `{"$from": "<step id>", "path": "jobId"}`: an output of a
    step that this one needs, directly or not.
    """

    id: StepId
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    kind: StepKind
    tool: str | None = None
    params: Json = {}
    needs: list[StepId] = []
    out: StepOutput | None = None


class Budget(Shape):
    """`max` is what the plan may move; `cap` is the tenant's daily maximum. Decimal text."""

    token: Literal["AGIALPHA"] = "AGIALPHA"  # noqa: S105 - the name of a currency
    max: str = "0"
    cap: str | None = None


class Policies(Shape):
    """The effective policy of the tenant, computed by the server."""

    allow_tools: list[str] = Field(default=[], alias="allowTools")
    deny_tools: list[str] = Field(default=[], alias="denyTools")
    require_validator: bool = Field(default=True, alias="requireValidator")
    tenant_id: str = Field(alias="tenantId")


class ChainIdentity(Shape):
    """The chain a plan is meant for; another chain makes the plan stale."""

    chain_id: int = Field(alias="chainId")
    registry: str
    token: str


class PlanBasis(Shape):
    """What matters to this plan: a difference today is 409 PLAN_STALE."""

    tools: dict[str, Digest]
    rules: Digest
    chain: ChainIdentity


class OrchestrationPlan(Shape):
    """A typed, content-addressed, expiring DAG. `plan_id` = sha256 of the rest (RFC 8785)."""

    plan_id: Digest
    nonce: str
    created_at: str
    expires_at: str
    revises: Digest | None = None
    steps: list[Step]
    budget: Budget
    policies: Policies
    metadata: Meta
    basis: PlanBasis


class PlanIn(Shape):
    """A sentence to plan, or a stored plan to revise. `now` resolves words like "Friday" only."""

    input_text: str | None = None
    attachments: list[Attachment] = []
    meta: MetaIn = MetaIn()
    now: str | None = None
    revises: Digest | None = None
    answers: Json = {}
