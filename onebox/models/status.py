"""Runs: what starts them and what is said of them."""

from onebox.models.plan import OrchestrationPlan
from onebox.models.shape import Digest, Json, Shape
from onebox.models.words import RunState, StepKind, StepState


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
    """What happened, from the first settled step on; `mismatch` where it is not as promised."""

    plan_id: str
    trace_id: str
    job_id: int | None = None
    txes: list[str] = []
    cids: list[str] = []
    payouts: list[Payout] = []
    timings: Json = {}
    escrow: str | None = None
    fee: str | None = None
    burnt: str | None = None
    held: str | None = None
    mismatch: StepError | None = None


class StatusOut(Shape):
    """The answer of GET /onebox/status; `logs` are the handlers' lines, verbatim."""

    run: RunInfo
    steps: list[StepStatus]
    current: str | None = None
    logs: list[str] = []
    next_cursor: str
    receipts: Receipt | None = None
    stale: bool = False
