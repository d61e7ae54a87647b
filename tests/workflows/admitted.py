"""Runs with ids of their own in the world of the activities, as admission leaves them."""

import functools
from collections.abc import Mapping, Sequence
from uuid import uuid4

from sqlalchemy import update

from onebox.holds import holds_of
from onebox.models import OrchestrationPlan, Step
from onebox.policy import Fees, load_rulebook
from store import plans, runs
from store.runs import Admission
from store.tables import PlanRow, RunRow
from tests.activities.conftest import CONFIG, World
from tests.support.builders import plan_of

AMPLE = 10**30
HOUR = 3600.0


async def admitted(
    world: World,
    *steps: Step,
    now: float,
    approvals: Sequence[str] = (),
    valid: float = HOUR,
    deadlines: Mapping[str, int] | None = None,
) -> tuple[RunRow, OrchestrationPlan]:
    """A run of these steps with its holds; its plan is valid for so many seconds."""
    run_id = f"run_{uuid4().hex}"
    plan = plan_of(*steps, nonce=run_id, budget="20.00")
    admission = Admission(
        run_id=run_id,
        plan=plan,
        tenant="acme",
        user_id="operator",
        day="2026-11-20",
        cap=AMPLE,
        holds=holds_of(plan, world.deps.contract, _fees()),
        approvals=approvals,
        deadlines=dict(deadlines or {}),
        now=now,
    )
    async with world.db.write() as session:
        await plans.save(session, plan, tenant="acme", user_id="operator", input_text=None, now=now)
        until = update(PlanRow).where(PlanRow.plan_id == plan.plan_id)
        await session.execute(until.values(expires_at=now + valid))
        row, _ = await runs.admit(session, admission)
    return row, plan


@functools.cache
def _fees() -> Fees:
    return load_rulebook(CONFIG, None, None).fees
