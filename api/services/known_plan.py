"""Which plan a caller means: the stored one, found by the id or the digest of its body."""

from datetime import datetime

from structlog.contextvars import bind_contextvars

from api.auth import Caller
from api.deps import Deps
from onebox.errors import PlanExpired, PlanStale, ValidationFailed
from onebox.models import ExecIn, OrchestrationPlan, SimIn
from onebox.plan_check import check_digest, stale_fields
from store import plans


def plan_id_of(asked: SimIn | ExecIn) -> str:
    """The id of the plan that the body names, or carries unchanged.

    Raises:
        ValidationFailed: neither or both of `plan` and `plan_id`.
        PlanDigestMismatch: the carried plan does not hash to its id.
    """
    if (asked.plan is None) == (asked.plan_id is None):
        message = "Send exactly one of plan and plan_id."
        raise ValidationFailed(message, errors=[{"pointer": "", "message": message}])
    plan_id = asked.plan_id or _verified(asked)
    bind_contextvars(plan_id=plan_id)
    return plan_id


def _verified(asked: SimIn | ExecIn) -> str:
    plan = asked.plan
    assert plan is not None  # noqa: S101  exactly one is given, and it is not the id
    check_digest(plan, plan.plan_id)
    return plan.plan_id


async def stored_plan(deps: Deps, caller: Caller, plan_id: str) -> OrchestrationPlan:
    """The stored plan of the caller's tenant, hashed again.

    Raises:
        PlanNotFound: unknown, or another tenant's.
        PlanDigestMismatch: somebody has altered its row.
    """
    async with deps.db.read() as session:
        plan = await plans.load(session, plan_id, caller.tenant)
    check_digest(plan, plan_id)
    bind_contextvars(trace_id=str(plan.metadata.trace_id))
    return plan


def check_fresh(deps: Deps, plan: OrchestrationPlan, tenant: str) -> None:
    """Refuse a plan that is too old, or rests on what has changed since.

    Raises:
        PlanExpired: past its expires_at.
        PlanStale: `fields` names what differs.
    """
    if datetime.fromisoformat(plan.expires_at).timestamp() <= deps.clock():
        raise PlanExpired(f"The plan expired at {plan.expires_at}.", expires_at=plan.expires_at)
    rules = deps.rulebook.for_tenant(tenant)
    fields = stale_fields(plan, rules, deps.contract, deps.deployment.identity)
    if fields:
        raise PlanStale(f"Changed since the plan was made: {', '.join(fields)}.", fields=fields)
