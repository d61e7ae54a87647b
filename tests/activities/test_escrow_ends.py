"""How a job's escrow leaves its bucket: paid out, cancelled or reclaimed, and never given back.

An escrow that comes home is not spent again today: the day keeps what it has spent.
"""

from dataclasses import replace

import pytest
from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from onebox.holds import Hold
from onebox.models import Json, Step, StepState
from store import budgets, movements
from store.budgets import DayBudget
from store.movements import Buckets
from store.tables import RunRow
from tests.activities.conftest import STAKE, World
from tests.store.made import TENANT, TODAY, admission_of, admit, claim, settle
from tests.support.builders import plan_of, step
from tests.support.fake_ics import Answer

ESCROW = 52_500_000_000_000_000_000
JOB = "7"
ENDINGS: dict[str, tuple[str, Json]] = {
    "job.finalize": ("finalize", {"jobId": JOB, "success": True}),
    "job.cancel": ("cancel_job", {"jobId": JOB, "mode": "cancel"}),
    "job.reclaim": ("cancel_job", {"jobId": JOB, "mode": "reclaim"}),
}


async def escrowed(world: World, ending: Step) -> RunRow:
    """A run whose escrow for job 7 lies on the chain, with this step still to come."""
    plan = plan_of(step("post_job"), ending, nonce="escrow", budget="52.50")
    admission = admission_of(plan, {"post_job": ESCROW})
    held = [*admission.holds, Hold(ending.id, "none", 0)]
    run, _ = await admit(world.db, replace(admission, holds=held))
    fence = await claim(world.db, run.run_id)
    assert await settle(world.db, run.run_id, fence, "confirmed", job_id=JOB)
    return run


async def ended(world: World, tool: str, outcome: str, job_id: str) -> tuple[DayBudget, Buckets]:
    """What the day says when the ending step of this tool has had this outcome."""
    intent, params = ENDINGS[tool]
    ending = step("end", tool=tool, params=params)
    run = await escrowed(world, ending)
    error: Json | None = None if outcome == "executed" else {"code": "NOT_OPEN", "message": "no"}
    outputs: Json | None = {"jobId": job_id} if outcome == "executed" else None
    world.ics.script[intent] = [Answer(b"x\n", outcome=outcome, outputs=outputs, error=error)]
    ids = {"run_id": run.run_id, "root_run_id": run.run_id, "plan_id": run.plan_id}
    task = world.task(ending).model_copy(update=ids)
    result = await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    assert result.state is (StepState.COMPLETED if outcome == "executed" else StepState.FAILED)
    async with world.db.read() as s:
        return await budgets.load(s, TENANT, TODAY), await movements.buckets(s, TENANT, TODAY)


@pytest.mark.parametrize("tool", ENDINGS)
async def test_an_ended_job_empties_its_escrow_and_the_day_stays_spent(
    world: World, tool: str
) -> None:
    """Escrowed becomes settled; what was spent does not come back."""
    assert await ended(world, tool, "executed", JOB) == (
        DayBudget(0, ESCROW),
        Buckets(settled=ESCROW),
    )


@pytest.mark.parametrize(("outcome", "job_id"), [("rejected", JOB), ("executed", "8")])
@pytest.mark.parametrize("tool", ENDINGS)
async def test_anything_else_leaves_the_escrow_where_it_is(
    world: World, tool: str, outcome: str, job_id: str
) -> None:
    """A refused ending, and the ending of another job."""
    assert await ended(world, tool, outcome, job_id) == (
        DayBudget(0, ESCROW),
        Buckets(escrowed=ESCROW),
    )


@pytest.mark.parametrize("job_id", ["9" * 79, "\u0667", "0x7", "-7", ""])
async def test_what_is_no_number_names_no_job(world: World, job_id: str) -> None:
    """The step is done all the same; a store need not have room for whatever ICS says."""
    world.ics.script["stake"] = [Answer(b"x\n", outputs={"jobId": job_id})]
    result = await ActivityEnvironment().run(RunStep(world.deps).run_step, world.task(STAKE))
    assert result.state is StepState.COMPLETED
    assert (await world.movement()).job_id is None
