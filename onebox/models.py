"""Every shape that crosses a border, shared by planner, simulator, runner and API.

Names and JSON shapes follow the lifecycle contract (docs/contract.md). Models are
frozen and refuse unknown fields; amounts are decimal strings in AGIALPHA; times are
RFC 3339 strings, with unix seconds beside them where the contract has floats.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Json = dict[str, Any]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
UserId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]


class Shape(BaseModel):
    """Frozen, strict about fields, dumped by alias."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True
    )


class IntentKind(StrEnum):
    """What a sentence asks for; `custom` is everything OneBox does not do."""

    POST_JOB = "post_job"
    APPLY = "apply"
    SUBMIT = "submit"
    FINALIZE = "finalize"
    VALIDATE = "validate"
    DISPUTE = "dispute"
    STAKE = "stake"
    WITHDRAW = "withdraw"
    ADMIN_SET = "admin_set"
    CANCEL = "cancel"
    RECLAIM = "reclaim"
    CUSTOM = "custom"


class StepKind(StrEnum):
    """The field's word for what a step does to the world."""

    PLAN = "plan"
    PIN = "pin"
    CHAIN = "chain"
    LLM = "llm"
    CODE = "code"
    FETCH = "fetch"
    VALIDATE = "validate"
    FINALIZE = "finalize"


class Effect(StrEnum):
    """What repeating a step may do, and thereby how the engine runs it (DESIGN.md 3)."""

    PURE = "pure"
    IDEMPOTENT = "idempotent"
    MONEY = "money"
    WAIT = "wait"


class StepState(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class RunState(StrEnum):
    """Where a run stands; the last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_RECONCILIATION = "awaiting_reconciliation"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """True when nothing more will happen to the run."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class Role(StrEnum):
    """What a caller may do within its tenant, each including the one before."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    GOVERNANCE = "governance"


class TxMode(StrEnum):
    """The road a transaction takes; only `direct` works today."""

    AA = "aa"
    ACCOUNT_ABSTRACTION = "account-abstraction"
    ACCOUNT_ABSTRACTION_SNAKE = "account_abstraction"
    ERC4337 = "4337"
    RELAYER = "relayer"
    ERC2771 = "2771"
    META_TX = "meta-tx"
    META_TX_SNAKE = "meta_tx"
    DIRECT = "direct"
    RAW = "raw"


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


class Blocker(Shape):
    """Why a plan may not run, and what mends it. `pointer` is a JSON Pointer into the plan."""

    code: str
    step_id: str | None = None
    pointer: str = ""
    rule: str
    limit: str | None = None
    actual: str | None = None
    message: str
    fix: str


class RiskDetail(Shape):
    """A risk code with a sentence."""

    code: str
    message: str


class ChainCall(Shape):
    """What ICS proved of one step by a dry run, or why it could not yet."""

    step_id: str
    tool: str
    status: Literal["ok", "error", "deferred", "skipped"]
    reason: str | None = None
    gas_estimate: str | None = None
    fee_wei: str | None = None
    error: str | None = None
    lines: list[str] = []


class SimOut(Shape):
    """What the simulation found; amounts are decimal strings of AGIALPHA."""

    plan_id: str
    est_budget: str
    est_fees: str
    est_duration: int
    risks: list[str] = []
    confirmations: list[str] = []
    blockers: list[Blocker] = []
    chain_calls: list[ChainCall] = []
    total_gas_estimate: str | None = None
    total_fee_wei: str | None = None
    fee_breakdown: dict[str, str] = {}
    risk_details: list[RiskDetail] = []
    policy: Json = {}


class PlanOut(Shape):
    """The answer of POST /onebox/plan."""

    intent: JobIntent
    plan: OrchestrationPlan
    ics: Json | None = None
    ics_draft: Json | None = None
    missing_fields: list[str] = []
    preview_summary: str
    warnings: list[str] = []
    simulation: SimOut | None = None
    clarification_prompt: str | None = Field(default=None, alias="clarificationPrompt")
    requires_confirmation: bool = Field(default=True, alias="requiresConfirmation")
    changes: list[Json] = []
    input_text: str | None = None


class SimIn(Shape):
    """A plan, or the id of a stored one."""

    plan: OrchestrationPlan | None = None
    plan_id: Digest | None = None


class ExecIn(Shape):
    """A plan, or its id, and the step ids that are confirmed in advance."""

    plan: OrchestrationPlan | None = None
    plan_id: Digest | None = None
    approvals: list[str] = []


class ExecOut(Shape):
    """The run that carries the plan; `started_at` is unix seconds."""

    run_id: str
    started_at: float | None
    plan_id: str


class WaitInfo(Shape):
    """What a step waits for, since when, and when it looks again. RFC 3339 times."""

    waiting_for: str
    since: str
    next_look: str | None = None


class StepError(Shape):
    """Why a step did not complete."""

    code: str
    message: str
    fix: str | None = None


class StepStatus(Shape):
    """One step of a run; times are unix seconds."""

    id: str
    name: str
    kind: StepKind
    tool: str | None = None
    state: StepState
    started_at: float | None = None
    completed_at: float | None = None
    message: str | None = None
    gen: int = 0
    confirmation_id: str | None = None
    wait: WaitInfo | None = None
    error: StepError | None = None
    outputs: Json | None = None


class RunInfo(Shape):
    """A run of a plan; times are unix seconds, `est_budget` decimal text."""

    id: str
    plan_id: str
    state: RunState
    created_at: float
    started_at: float | None = None
    completed_at: float | None = None
    est_budget: str | None = None
    trace_id: str
    user_id: str
    failed_step: str | None = None
    error: StepError | None = None


class Payout(Shape):
    """Tokens that left the escrow; `to` is a checksummed address, `amount` decimal text."""

    to: str
    amount: str
    role: str | None = None


class Receipt(Shape):
    """What happened, from the first settled step on."""

    plan_id: str
    job_id: int | None = None
    txes: list[str] = []
    cids: list[str] = []
    payouts: list[Payout] = []
    timings: Json = {}
    escrow: str | None = None
    fee: str | None = None
    burnt: str | None = None
    held: str | None = None


class StatusOut(Shape):
    """The answer of GET /onebox/status; `logs` are the handlers' lines, verbatim."""

    run: RunInfo
    steps: list[StepStatus]
    current: str | None = None
    logs: list[str] = []
    next_cursor: str
    receipts: Receipt | None = None
    stale: bool = False


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


class Outcome(StrEnum):
    """What ICS answers about a key; the last four of `FINAL` are replayed with their lines."""

    DRY_RUN = "dry_run"
    EXECUTED = "executed"
    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    REJECTED = "rejected"
    FAILED = "failed"
    NOT_EXECUTED = "not_executed"
    UNKNOWN_KEY = "unknown_key"

    @property
    def final(self) -> bool:
        """True for an outcome that ICS will never change."""
        return self in {
            Outcome.EXECUTED,
            Outcome.REJECTED,
            Outcome.FAILED,
            Outcome.NOT_EXECUTED,
        }


class IcsReceipt(BaseModel):
    """What the handler did on the chain and in the pin store."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    txes: list[str] = []
    cids: list[str] = []
    payouts: list[Payout] = []


class IntentStatus(BaseModel):
    """`GET /intents/{key}` of ICS: the typed outcome. Fields unknown to us are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    key: str
    outcome: Outcome
    outputs: Json | None = None
    error: StepError | None = None
    receipt: IcsReceipt | None = None
    retry_after: float | None = None
    waiting_for: str | None = None
    gas: str | None = None
    fee_wei: str | None = None
    digest: str | None = None
    lines: int | None = None
