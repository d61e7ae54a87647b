"""Admission: one run per plan, within the tenant's day, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.holds import Hold
from onebox.models import OrchestrationPlan, Promise, RunState, StepState
from store import budgets
from store.budgets import Day
from store.guard import as_json, insert_missing
from store.holds import held
from store.tables import Base, RunRow

_STEP = Base.metadata.tables["step"]
_INSERT_STEPS = insert(_STEP)
_OF_PLAN = (
    select(RunRow)
    .where(RunRow.plan_id == bindparam("of_plan"), RunRow.run_id == RunRow.root_run_id)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Admission:
    """What admission has checked and now makes durable.

    `day` is the UTC day (YYYY-MM-DD) whose maximum `cap` (base units) the holds count
    against; `approvals` are steps confirmed in advance; `deadlines` maps steps to unix
    seconds; the digests name the policy files and the fees of the moment, None for today's;
    `promise` is what the simulation said that the run will move.
    """

    run_id: str
    plan: OrchestrationPlan
    tenant: str
    user_id: str
    day: str
    cap: int
    holds: Sequence[Hold]
    approvals: Sequence[str]
    deadlines: Mapping[str, int]
    now: float
    policy_digest: str | None = None
    fees_digest: str | None = None
    promise: Promise | None = None

    @property
    def amount(self) -> int:
        """Base units that the plan may move in all."""
        return sum(hold.amount for hold in self.holds)


async def admit(s: AsyncSession, admission: Admission) -> tuple[RunRow, bool]:
    """The plan's run, and whether this call made it; holds are taken with it or not at all.

    Raises:
        DailyBudgetExceeded: the day has no room; nothing was stored.
    """
    plan, day = admission.plan, _day(admission)
    known = await of_plan(s, plan.plan_id)
    if known is not None:
        return known, False
    budget = await budgets.lock(s, day)
    known = await of_plan(s, plan.plan_id)  # by whoever held the lock before us
    if known is not None:
        return known, False
    budgets.check_room(budget, admission.amount, admission.cap)
    made = await _insert(s, admission, day)
    return (await s.scalars(_OF_PLAN, {"of_plan": plan.plan_id})).one(), made


async def of_plan(s: AsyncSession, plan_id: str) -> RunRow | None:
    """The one run of a plan (replays are its children), None while there is none."""
    row: RunRow | None = await s.scalar(_OF_PLAN, {"of_plan": plan_id})
    return row


async def _insert(s: AsyncSession, admission: Admission, day: Day) -> bool:
    """False when another day's admission of the same plan was faster: it keeps the run."""
    if not await insert_missing(s, RunRow, _run_values(admission)):
        return False
    await budgets.hold(s, day, admission.amount)
    await s.execute(_INSERT_STEPS, _steps(admission))
    s.add_all(
        held(admission.run_id, hold.step_id, 0, day, hold.purpose, hold.amount)
        for hold in admission.holds
    )
    await s.flush()
    return True


def _run_values(admission: Admission) -> dict[str, object]:
    return {
        "run_id": admission.run_id,
        "root_run_id": admission.run_id,
        "plan_id": admission.plan.plan_id,
        "tenant": admission.tenant,
        "user_id": admission.user_id,
        "trace_id": str(admission.plan.metadata.trace_id),
        "state": RunState.PENDING,
        "day": admission.day,
        "approvals": list(admission.approvals),
        "deadlines": dict(admission.deadlines),
        "policy_digest": admission.policy_digest,
        "fees_digest": admission.fees_digest,
        "created_at": admission.now,
        "promise": as_json(admission.promise),
    }


def _steps(admission: Admission) -> list[dict[str, object]]:
    run = {"run_id": admission.run_id, "state": StepState.PENDING}
    return [
        {**run, "step_id": step.id, "position": position}
        for position, step in enumerate(admission.plan.steps)
    ]


def _day(admission: Admission) -> Day:
    return Day(admission.tenant, admission.plan.budget.token, admission.day)
