"""A plan made or edited by hand enters here: it must say what the server would have said."""

from collections.abc import Iterator
from datetime import timedelta

from structlog.contextvars import bind_contextvars

from api.auth import Caller
from api.deps import Deps
from api.services.known_plan import check_fresh
from api.services.moments import instant
from onebox.dag import check
from onebox.errors import ActorForbidden, PlanInvalid, PlanNotFound
from onebox.models import OrchestrationPlan
from onebox.plan_check import check_consistency
from store import audit, plans

# A client's clock may be this much ahead of ours.
_AHEAD_SECONDS = 60


async def import_plan(deps: Deps, caller: Caller, plan: OrchestrationPlan) -> OrchestrationPlan:
    """Check a plan whose digest is right, store it and give it back as stored.

    Raises:
        PlanNotFound: it names another tenant.
        ActorForbidden: it names another user.
        PlanExpired, PlanStale: as for a stored plan.
        PlanInvalid: not a DAG, or rules, budget or times are not the server's.
    """
    bind_contextvars(trace_id=str(plan.metadata.trace_id))
    if plan.policies.tenant_id != caller.tenant:
        raise PlanNotFound
    if plan.metadata.user_id != caller.user_id:
        raise ActorForbidden(f"The plan acts as {plan.metadata.user_id}, you are {caller.user_id}.")
    check(plan)
    _refuse_first(_differences(deps, plan))
    check_fresh(deps, plan, caller.tenant)
    check_consistency(plan, deps.rulebook.for_tenant(caller.tenant), deps.contract)
    await _save(deps, caller, plan)
    return plan


def _refuse_first(found: Iterator[tuple[str, str]]) -> None:
    for pointer, message in found:
        raise PlanInvalid(f"{pointer}: {message}", pointer=pointer)


def _differences(deps: Deps, plan: OrchestrationPlan) -> Iterator[tuple[str, str]]:
    if plan.revises is not None:
        yield "/revises", "an imported plan revises nothing."
    yield from _wrong_times(deps, plan)


def _wrong_times(deps: Deps, plan: OrchestrationPlan) -> Iterator[tuple[str, str]]:
    made, ends = instant(plan.created_at), instant(plan.expires_at)
    if made is None or made.timestamp() > deps.clock() + _AHEAD_SECONDS:
        yield "/created_at", "must be an RFC 3339 time with offset that is not in the future."
    elif ends is None or not made < ends <= made + timedelta(seconds=deps.plan_ttl):
        yield "/expires_at", f"must be RFC 3339, at most {deps.plan_ttl} s after created_at."


async def _save(deps: Deps, caller: Caller, plan: OrchestrationPlan) -> None:
    now = deps.clock()
    async with deps.db.write() as session:
        await plans.save(
            session,
            plan,
            tenant=caller.tenant,
            user_id=caller.user_id,
            input_text=None,
            now=now,
            imported=True,
        )
        await audit.record(
            session,
            tenant=caller.tenant,
            actor=caller.user_id,
            role=caller.role,
            event="plan.imported",
            fields={"plan_id": plan.plan_id},
            at=now,
        )
