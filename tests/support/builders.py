"""Plans for tests, built whole and hashed as the server would."""

from collections.abc import Mapping

from onebox.digest import plan_digest
from onebox.models import (
    Budget,
    ChainIdentity,
    Json,
    Meta,
    OrchestrationPlan,
    PlanBasis,
    Policies,
    Step,
    StepKind,
)

TRACE = "11111111-2222-4333-8444-555555555555"


def step(step_id: str, *needs: str, tool: str | None = None, params: Json | None = None) -> Step:
    """A step whose kind does not matter."""
    return Step(
        id=step_id,
        name=step_id.replace("_", " ").title(),
        kind=StepKind.CODE,
        tool=tool,
        params=params or {},
        needs=list(needs),
    )


def plan_of(  # noqa: PLR0913 - a plan and all that a test may vary of it
    *steps: Step,
    nonce: str = "n",
    user_id: str = "operator",
    tenant: str = "acme",
    tools: Mapping[str, str] | None = None,
    rules: str = "0" * 64,
    budget: str = "0",
) -> OrchestrationPlan:
    """A plan of these steps with a right digest."""
    draft = OrchestrationPlan(
        plan_id="0" * 64,
        nonce=nonce,
        created_at="2026-11-20T00:00:00Z",
        expires_at="2026-11-21T00:00:00Z",
        steps=list(steps),
        budget=Budget(max=budget, cap="100.00"),
        policies=Policies(tenant_id=tenant),
        metadata=Meta.model_validate({"userId": user_id, "traceId": TRACE}),
        basis=PlanBasis(
            tools=dict(tools or {}),
            rules=rules,
            chain=ChainIdentity(chain_id=31337, registry="0x" + "1" * 40, token="0x" + "2" * 40),
        ),
    )
    return draft.model_copy(update={"plan_id": plan_digest(draft)})
