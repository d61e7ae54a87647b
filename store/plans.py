"""Plans as they were hashed; a row never changes."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.digest import canonical
from onebox.errors import PlanNotFound
from onebox.models import OrchestrationPlan
from store.guard import insert_missing
from store.tables import PlanRow


async def save(  # noqa: PLR0913  a plan, whose it is and what was asked
    s: AsyncSession,
    plan: OrchestrationPlan,
    *,
    tenant: str,
    user_id: str,
    input_text: str | None,
    now: float,
    imported: bool = False,
) -> None:
    """Store a plan under its id; a plan that is stored already stays as it is."""
    values = {
        "plan_id": plan.plan_id,
        "tenant": tenant,
        "user_id": user_id,
        "source": "imported" if imported else "planned",
        "input_text": input_text,
        "body": canonical(plan.model_dump(mode="json", by_alias=True)),
        "created_at": now,
        "expires_at": datetime.fromisoformat(plan.expires_at).timestamp(),
    }
    await insert_missing(s, PlanRow, values)


async def load(s: AsyncSession, plan_id: str, tenant: str) -> OrchestrationPlan:
    """The stored plan, expired or not.

    Raises:
        PlanNotFound: no plan of this tenant has this id.
    """
    row = await load_row(s, plan_id, tenant)
    return OrchestrationPlan.model_validate_json(row.body)


async def load_row(s: AsyncSession, plan_id: str, tenant: str) -> PlanRow:
    """The row, which tells when the plan expires (unix seconds).

    Raises:
        PlanNotFound: no plan of this tenant has this id.
    """
    query = select(PlanRow).where(PlanRow.plan_id == plan_id, PlanRow.tenant == tenant)
    row = await s.scalar(query)
    if row is None:
        raise PlanNotFound
    return row
