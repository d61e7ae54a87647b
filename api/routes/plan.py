"""POST /onebox/plan."""

from fastapi import APIRouter

from api.auth import CallerDep
from api.deps import DepsDep
from api.services import plan as service
from onebox.models import PlanIn, PlanOut

router = APIRouter()


@router.post("/plan", summary="Turn a sentence into a stored plan")
async def make_plan(body: PlanIn, deps: DepsDep, caller: CallerDep) -> PlanOut:
    """The plan, what is missing of it, and what the rules say of it."""
    return await service.plan(deps, caller, body)
