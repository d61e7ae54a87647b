"""What stands in a plan's way, by rules alone; then what ICS's dry run adds."""

import re
from collections.abc import Collection, Iterable, Mapping

from onebox.blockers import blockers_of
from onebox.breakdown import breakdown, fees_of
from onebox.confirmations import by_dry_run, by_rules, total
from onebox.contract import Contract
from onebox.errors import fix_of
from onebox.holds import holds_of
from onebox.judgement import Found
from onebox.models import (
    Blocker,
    ChainCall,
    Movement,
    OrchestrationPlan,
    Promise,
    RiskDetail,
    Role,
    SimOut,
    StepError,
)
from onebox.money import format_amount
from onebox.policy import Rules
from onebox.promise import net_text, promise_by_rules, signer_of, with_simulated

_HOURS_A_DAY = 24
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


def simulate(  # noqa: PLR0913  all that a verdict depends on is in the signature
    plan: OrchestrationPlan,
    rules: Rules,
    contract: Contract,
    *,
    role: Role,
    ens: str | None,
    supported_tx: Collection[str] | None = None,
) -> SimOut:
    """The half of the simulation that needs no chain.

    Args:
        plan: any plan that `dag.check` accepts.
        rules: today's rules of the caller's tenant.
        contract: today's tools.
        role: of the caller.
        ens: the ENS label of the caller's token, for votes whose plan names none.
        supported_tx: values of `metadata.txMode` that the chain has (`handshake.supported_tx`);
            None where nobody has asked ICS: then the road is not judged.
    """
    holds = holds_of(plan, contract, rules.fees)
    roads = None if supported_tx is None else frozenset(supported_tx)
    found = Found(plan, rules, contract, holds, role, ens, roads)
    blockers = blockers_of(found)
    promise = promise_by_rules(plan, holds, rules.fees)
    return SimOut(
        plan_id=plan.plan_id,
        est_budget=plan.budget.max,
        est_fees=format_amount(fees_of(plan, holds, rules)),
        est_duration=_hours(plan),
        confirmations=by_rules(holds, rules),
        fee_breakdown=breakdown(plan, holds, rules),
        policy=rules.as_json(),
        blockers=blockers,
        risks=list(_first_messages(blockers)),
        risk_details=_details(blockers),
        movements=promise.movements,
        net=net_text(promise.movements),
        movements_open=promise.open,
    )


def with_dry_run(
    sim: SimOut,
    calls: Iterable[ChainCall],
    extra_blockers: Iterable[Blocker] = (),
    shown: Mapping[str, list[Movement]] | None = None,
) -> SimOut:
    """The simulation with what ICS proved.

    A call of status `error` blocks: its `error` is ICS's code and its `reason` the message,
    unless `extra_blockers` already speaks of its step.

    Args:
        sim: the pure half.
        calls: one per chain step that was dry-run, deferred or skipped.
        extra_blockers: made with `call_blocker`, `daily_blocker` or by hand.
        shown: the movements of each step whose dry run told them.
    """
    all_calls, extra = list(calls), list(extra_blockers)
    told = {blocker.step_id for blocker in extra}
    failed = [c for c in all_calls if c.status == "error" and c.step_id not in told]
    blockers = [*sim.blockers, *extra, *(_of_call(call) for call in failed)]
    known = [*sim.chain_calls, *all_calls]
    promise = with_simulated(_promise(sim), shown or {}, [call.step_id for call in known])
    changes = {
        "blockers": blockers,
        "risks": list(_first_messages(blockers)),
        "risk_details": _details(blockers),
        "chain_calls": known,
        "total_gas_estimate": total(call.gas_estimate for call in known),
        "total_fee_wei": total(call.fee_wei for call in known),
        "confirmations": [*sim.confirmations, *by_dry_run(all_calls)],
        "movements": promise.movements,
        "net": net_text(promise.movements),
        "movements_open": promise.open,
    }
    return sim.model_copy(update=changes)


def promise_of(sim: SimOut, plan: OrchestrationPlan) -> Promise:
    """What the simulation promises, as a run keeps it."""
    return _promise(sim).model_copy(update={"signer": signer_of(plan)})


def _promise(sim: SimOut) -> Promise:
    return Promise(signer="", movements=sim.movements, open=sim.movements_open)


def call_blocker(plan: OrchestrationPlan, step_id: str, error: StepError) -> Blocker:
    """A blocker out of the typed error of a dry run, with ICS's own code, message and fix."""
    index = next((i for i, step in enumerate(plan.steps) if step.id == step_id), None)
    return Blocker(
        code=error.code,
        step_id=step_id,
        pointer="" if index is None else f"/steps/{index}/params",
        rule="dry run",
        message=error.message,
        fix=error.fix or fix_of(error.code),
    )


def daily_blocker(*, limit: int, used: int, asked: int) -> Blocker:
    """The plan asks for more than is left of today's maximum; amounts in base units."""
    left = max(limit - used, 0)
    return Blocker(
        code="BUDGET_DAILY_EXCEEDED",
        pointer="/budget/max",
        rule="budget.dailyMax of today (UTC)",
        limit=format_amount(limit),
        actual=format_amount(used + asked),
        message=(
            f"The plan may move {format_amount(asked)} AGIALPHA; "
            f"{format_amount(left)} of today's {format_amount(limit)} are left."
        ),
        fix=fix_of("BUDGET_DAILY_EXCEEDED"),
    )


def _first_messages(blockers: list[Blocker]) -> dict[str, str]:
    """Each code once, with its first message."""
    first: dict[str, str] = {}
    for blocker in blockers:
        first.setdefault(blocker.code, blocker.message)
    return first


def _details(blockers: list[Blocker]) -> list[RiskDetail]:
    first = _first_messages(blockers)
    return [RiskDetail(code=code, message=message) for code, message in first.items()]


def _of_call(call: ChainCall) -> Blocker:
    code = call.error if call.error and _CODE.fullmatch(call.error) else "UNKNOWN_REVERT"
    message = call.reason or call.error or "The dry run failed without a reason."
    return Blocker(
        code=code, step_id=call.step_id, rule="dry run", message=message, fix=fix_of(code)
    )


def _hours(plan: OrchestrationPlan) -> int:
    """The longest deadline of the plan's jobs, in hours; 0 where there is none."""
    jobs = (step.params.get("job") for step in plan.steps)
    days = (job.get("deadline") for job in jobs if isinstance(job, dict))
    return max((day * _HOURS_A_DAY for day in days if type(day) is int), default=0)
