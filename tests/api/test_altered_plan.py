"""A plan that was altered after it was made is refused at both doors of the API."""

from typing import Any

import pytest
from sqlalchemy import update

from onebox.digest import canonical
from onebox.models import Json
from store.tables import PlanRow
from tests.api.plans import body_of, stored
from tests.api.world import World

DOORS = ["/simulate", "/execute"]
METAS: list[Json] = [
    {"userId": "approver"},
    {"traceId": "11111111-2222-4333-8444-555555555556"},
    {"txMode": "direct"},
    {"txMode": "aa"},
]


def altered(body: Json, meta: Json) -> Json:
    """The same plan with another word in its meta, under the same id."""
    plan: dict[str, Any] = body["plan"]
    return {"plan": {**plan, "metadata": {**plan["metadata"], **meta}}}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("meta", METAS, ids=str)
async def test_a_body_with_another_meta_is_refused(world: World, door: str, meta: Json) -> None:
    """Its user, its trace and its road are in the digest: 409, and ICS hears nothing."""
    plan = await stored(world)
    answer = await world.post(door, altered(body_of(plan), meta))
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_DIGEST_MISMATCH")
    assert world.ics.asked == []
    assert world.engine.started == []


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("meta", METAS, ids=str)
async def test_a_row_with_another_meta_is_refused(world: World, door: str, meta: Json) -> None:
    """Somebody wrote into the store: the plan is hashed again when it is named by its id."""
    plan = await stored(world)
    body = canonical(altered(body_of(plan), meta)["plan"])
    async with world.deps.db.write() as session:
        row = update(PlanRow).where(PlanRow.plan_id == plan.plan_id)
        await session.execute(row.values(body=body))
    answer = await world.post(door, {"plan_id": plan.plan_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_DIGEST_MISMATCH")
    assert world.ics.asked == []
    assert world.engine.started == []
