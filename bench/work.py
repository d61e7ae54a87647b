"""The work that both sides do: levels of screening steps, each with a text of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from onebox.contract import Contract
from onebox.digest import plan_digest
from onebox.models import (
    Budget,
    ChainIdentity,
    Meta,
    OrchestrationPlan,
    PlanBasis,
    Policies,
    Step,
    StepKind,
)

TOOL = "safety.moderation"
USER, TENANT = "operator", "acme"
_NO_PLAN = "0" * 64


@dataclass(frozen=True)
class Shape:
    """How many steps each level has; a level needs the whole level before it."""

    name: str
    levels: tuple[int, ...]


SIX = Shape("6 steps", (1,) * 6)
SIXTY = Shape("60 steps", (1,) * 60)
FAN = Shape("1-50-1", (1, 50, 1))


def texts_of(shape: Shape) -> list[list[str]]:
    """One text a step; no two are alike."""
    return [[f"label the images of the set {uuid4().hex}" for _ in range(n)] for n in shape.levels]


def meta_of() -> Meta:
    """The same actor on both sides."""
    return Meta(user_id=USER, trace_id=uuid4())


def plan_of(shape: Shape, contract: Contract, chain: ChainIdentity) -> OrchestrationPlan:
    """The work as a plan that may be admitted."""
    now = datetime.now(UTC)
    plan = OrchestrationPlan(
        plan_id=_NO_PLAN,
        nonce=uuid4().hex,
        created_at=now.isoformat(),
        expires_at=(now + timedelta(hours=1)).isoformat(),
        steps=_steps(shape),
        budget=Budget(),
        policies=Policies(tenant_id=TENANT),
        metadata=meta_of(),
        basis=PlanBasis(tools={TOOL: contract.tools[TOOL].digest}, rules=_NO_PLAN, chain=chain),
    )
    return plan.model_copy(update={"plan_id": plan_digest(plan)})


def _steps(shape: Shape) -> list[Step]:
    steps: list[Step] = []
    needs: list[str] = []
    for depth, texts in enumerate(texts_of(shape)):
        level = [_step(f"s{depth}_{at}", text, needs) for at, text in enumerate(texts)]
        needs = [step.id for step in level]
        steps += level
    return steps


def _step(step_id: str, text: str, needs: list[str]) -> Step:
    return Step(
        id=step_id,
        name=f"Screen {step_id}",
        kind=StepKind.VALIDATE,
        tool=TOOL,
        params={"description": text},
        needs=needs,
    )
