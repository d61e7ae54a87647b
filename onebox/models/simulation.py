"""What a simulation found, and the answers that carry it."""

from typing import Literal

from pydantic import Field

from onebox.models.movement import Movement
from onebox.models.plan import JobIntent, OrchestrationPlan
from onebox.models.shape import Digest, Json, Shape


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
    """What the simulation found; amounts are decimal strings of AGIALPHA.

    `net` is what each party gains by all `movements`, signed; of the steps in
    `movements_open` nobody can tell beforehand what they move.
    """

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
    movements: list[Movement] = []
    net: dict[str, str] = {}
    movements_open: list[str] = []


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
