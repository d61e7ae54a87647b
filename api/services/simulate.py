"""Simulate: the rules first, then what ICS can prove of the steps; every blocker at once."""

import time

from api.auth import Caller
from api.deps import Deps
from api.services.dry_run import dry_run
from api.services.imported_plan import import_plan
from api.services.known_plan import check_fresh, plan_id_of, stored_plan
from api.services.moments import utc_day
from onebox.errors import Blocked, PlanNotFound
from onebox.handshake import supported_tx
from onebox.holds import holds_of, total_of
from onebox.models import Blocker, OrchestrationPlan, SimIn, SimOut
from onebox.simulator import daily_blocker, with_dry_run
from onebox.simulator import simulate as by_rules
from store import budgets


async def simulate(deps: Deps, caller: Caller, asked: SimIn) -> SimOut:
    """What would happen if the plan ran now.

    Raises:
        Blocked: carrying `blockers`, `risk_details` and the whole `simulation`.
        PlanNotFound, PlanExpired, PlanStale, PlanDigestMismatch, PlanInvalid,
        IcsUnavailable, ChainUnavailable, ContractDrift.
    """
    plan = await _plan(deps, caller, asked)
    began = time.perf_counter()
    found = await examine(deps, caller, plan)
    deps.metrics.simulate.observe(time.perf_counter() - began)
    return passed(found)


async def examine(deps: Deps, caller: Caller, plan: OrchestrationPlan) -> SimOut:
    """The checks of simulate and execute alike; what forbids the plan is in `blockers`.

    Raises:
        PlanExpired, PlanStale, IcsUnavailable, ChainUnavailable, ContractDrift.
    """
    check_fresh(deps, plan, caller.tenant)
    rules = deps.rulebook.for_tenant(caller.tenant)
    roads = await _roads(deps, plan)
    found = by_rules(
        plan, rules, deps.contract, role=caller.role, ens=caller.ens, supported_tx=roads
    )
    short = await _daily_blockers(deps, caller, plan)
    if found.blockers:
        return with_dry_run(found, [], short)
    await deps.handshake.check()
    chain = await dry_run(deps, plan)
    return with_dry_run(found, chain.calls, [*short, *chain.blockers], chain.movements)


async def _roads(deps: Deps, plan: OrchestrationPlan) -> frozenset[str] | None:
    """What the chain has; ICS need not answer for `direct`, which every chain has."""
    mode = plan.metadata.tx_mode
    if mode is None or mode.road == "direct":
        return None
    return supported_tx(await deps.handshake.check())


def passed(found: SimOut) -> SimOut:
    """The simulation of a plan that may run.

    Raises:
        Blocked: it may not.
    """
    if found.blockers:
        raise blocked(found)
    return found


def blocked(found: SimOut) -> Blocked:
    """The refusal that carries the simulation, and its blockers where a client looks first."""
    body = found.model_dump(mode="json", by_alias=True)
    codes = ", ".join(dict.fromkeys(blocker.code for blocker in found.blockers))
    return Blocked(
        f"The plan is blocked: {codes}.",
        blockers=body["blockers"],
        risk_details=body["risk_details"],
        simulation=body,
    )


async def _plan(deps: Deps, caller: Caller, asked: SimIn) -> OrchestrationPlan:
    plan_id = plan_id_of(asked)
    try:
        return await stored_plan(deps, caller, plan_id)
    except PlanNotFound:
        if asked.plan is None:
            raise
        return await import_plan(deps, caller, asked.plan)


async def _daily_blockers(deps: Deps, caller: Caller, plan: OrchestrationPlan) -> list[Blocker]:
    """What is left of today, unless the plan is above the whole day anyway (OVER_BUDGET)."""
    rules = deps.rulebook.for_tenant(caller.tenant)
    asked = total_of(holds_of(plan, deps.contract, rules.fees))
    async with deps.db.read() as session:
        used = (await budgets.load(session, caller.tenant, utc_day(deps.clock()))).used
    if not asked or used + asked <= rules.daily_max or asked > rules.daily_max:
        return []
    return [daily_blocker(limit=rules.daily_max, used=used, asked=asked)]
