"""Execute: a checked plan becomes a run row in one short transaction, then a workflow."""

from structlog.contextvars import bind_contextvars

from api.auth import Caller
from api.deps import Deps
from api.services.deadlines import deadlines_of
from api.services.known_plan import check_fresh, plan_id_of, stored_plan
from api.services.moments import utc_day
from api.services.simulate import blocked, examine, passed
from onebox.digest import run_id_of
from onebox.errors import Blocked, TemporalUnavailable, ValidationFailed
from onebox.holds import holds_of
from onebox.logs import logger
from onebox.models import Effect, ExecIn, ExecOut, OrchestrationPlan, Promise, SimOut
from onebox.simulator import daily_blocker, promise_of, with_dry_run
from store import audit, runs
from store.budgets import DailyBudgetExceeded
from store.runs import Admission
from store.tables import RunRow

_log = logger("onebox.api.admit")


async def execute(deps: Deps, caller: Caller, asked: ExecIn) -> ExecOut:
    """Admit the plan and start its run, or give back the run that it has.

    Raises:
        As `simulate`, and
        ValidationFailed: an approval names no money step of the plan.
        TemporalUnavailable: nothing was admitted.
    """
    plan = await stored_plan(deps, caller, plan_id_of(asked))
    row = await _run_of(deps, plan) or await _admitted(deps, caller, plan, asked)
    bind_contextvars(run_id=row.run_id)
    await _start(deps, row, plan)
    return ExecOut(run_id=row.run_id, started_at=row.created_at, plan_id=plan.plan_id)


async def _run_of(deps: Deps, plan: OrchestrationPlan) -> RunRow | None:
    async with deps.db.read() as session:
        return await runs.of_plan(session, plan.plan_id)


async def _admitted(deps: Deps, caller: Caller, plan: OrchestrationPlan, asked: ExecIn) -> RunRow:
    """Its run. What blocks may be the hold of a twin request that was admitted meanwhile."""
    try:
        return await _admit(deps, caller, plan, asked)
    except Blocked:
        row = await _run_of(deps, plan)
        if row is None:
            raise
        return row


async def _admit(deps: Deps, caller: Caller, plan: OrchestrationPlan, asked: ExecIn) -> RunRow:
    _check_approvals(deps, plan, asked.approvals)
    found = passed(await examine(deps, caller, plan))
    deadlines = deadlines_of(plan, await deps.handshake.check())
    await deps.engine.ping()
    admission = _admission(deps, caller, plan, asked, deadlines, promise_of(found, plan))
    try:
        return await _store(deps, caller, admission)
    except DailyBudgetExceeded as error:
        raise blocked(_exceeding(found, error)) from error


def _exceeding(found: SimOut, error: DailyBudgetExceeded) -> SimOut:
    """The simulation that had passed, and what another admission has left of the day."""
    short = daily_blocker(limit=error.limit, used=error.used, asked=error.asked)
    totals = {"total_gas_estimate": found.total_gas_estimate, "total_fee_wei": found.total_fee_wei}
    return with_dry_run(found, [], [short]).model_copy(update=totals)


def _check_approvals(deps: Deps, plan: OrchestrationPlan, approvals: list[str]) -> None:
    tools = deps.contract.tools
    steps = {step.id: tools.get(step.tool or "") for step in plan.steps}
    money = {name for name, tool in steps.items() if tool and tool.effect is Effect.MONEY}
    wrong = [
        {
            "pointer": f"/approvals/{index}",
            "message": f"{name[:64]!r} is no money step of the plan.",
        }
        for index, name in enumerate(approvals)
        if name not in money
    ]
    if wrong:
        known = ", ".join(step.id for step in plan.steps if step.id in money) or "none"
        raise ValidationFailed(f"The money steps of this plan: {known}.", errors=wrong)


def _admission(  # noqa: PLR0913, PLR0917  what an admission is made of
    deps: Deps,
    caller: Caller,
    plan: OrchestrationPlan,
    asked: ExecIn,
    deadlines: dict[str, int],
    promise: Promise,
) -> Admission:
    rules, now = deps.rulebook.for_tenant(caller.tenant), deps.clock()
    return Admission(
        run_id=run_id_of(plan.plan_id),
        plan=plan,
        tenant=caller.tenant,
        user_id=plan.metadata.user_id,
        day=utc_day(now),
        cap=rules.daily_max,
        holds=holds_of(plan, deps.contract, rules.fees),
        approvals=list(dict.fromkeys(asked.approvals)),
        deadlines=deadlines,
        now=now,
        policy_digest=deps.rulebook.policy_digest,
        fees_digest=deps.rulebook.fees_digest,
        promise=promise,
    )


async def _store(deps: Deps, caller: Caller, admission: Admission) -> RunRow:
    """Hold, run row and audit row, all or none; none for a plan that grew old meanwhile."""
    async with deps.db.write() as session:
        row, is_new = await runs.admit(session, admission)
        if is_new:
            check_fresh(deps, admission.plan, caller.tenant)
            await audit.record(
                session,
                tenant=caller.tenant,
                actor=caller.user_id,
                role=caller.role,
                event="run.admitted",
                fields={"plan_id": row.plan_id, "run_id": row.run_id},
                at=admission.now,
            )
    return row


async def _start(deps: Deps, row: RunRow, plan: OrchestrationPlan) -> None:
    """An admitted run is never lost: what fails to start here, the sweep starts."""
    if row.workflow_started_at is not None:
        return
    try:
        await deps.engine.start(row, plan)
    except TemporalUnavailable:
        _log.warning("run.start_postponed", run_id=row.run_id)
        return
    async with deps.db.write() as session:
        await runs.mark_workflow_started(session, row.run_id, deps.clock())
