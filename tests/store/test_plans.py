"""A plan comes back exactly as it was hashed."""

import pytest

from onebox.digest import plan_digest
from onebox.errors import PlanNotFound
from onebox.models import OrchestrationPlan
from store import plans
from store.database import Database
from tests.store.made import NOW, TENANT, plan_with


async def save(db: Database, plan: OrchestrationPlan, input_text: str = "Post a job") -> None:
    """Store a plan."""
    async with db.write() as s:
        await plans.save(s, plan, tenant=TENANT, user_id="u", input_text=input_text, now=NOW)


async def test_a_stored_plan_still_hashes_to_its_id(db: Database) -> None:
    """Load gives an equal plan; the row tells when it expires."""
    plan = plan_with("a", "b")
    await save(db, plan)
    async with db.read() as s:
        loaded = await plans.load(s, plan.plan_id, TENANT)
        row = await plans.load_row(s, plan.plan_id, TENANT)
    assert loaded == plan
    assert plan_digest(loaded) == plan.plan_id
    assert (row.created_at, row.expires_at, row.input_text) == (NOW, NOW + 86_400, "Post a job")


async def test_saving_again_changes_nothing(db: Database) -> None:
    """The first row of an id stays."""
    plan = plan_with()
    await save(db, plan)
    await save(db, plan, "Something else")
    async with db.read() as s:
        assert (await plans.load_row(s, plan.plan_id, TENANT)).input_text == "Post a job"


async def test_a_foreign_plan_is_not_found(db: Database) -> None:
    """As absent as one that never was."""
    plan = plan_with()
    await save(db, plan)
    async with db.read() as s:
        for plan_id, tenant in ((plan.plan_id, "other"), ("0" * 64, TENANT)):
            with pytest.raises(PlanNotFound):
                await plans.load(s, plan_id, tenant)
