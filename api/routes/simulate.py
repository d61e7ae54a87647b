"""POST /onebox/simulate."""

from fastapi import APIRouter

from api.auth import CallerDep
from api.deps import DepsDep
from api.services import simulate as service
from onebox.models import SimIn, SimOut

router = APIRouter()


@router.post("/simulate", summary="Prove what can be proved of a plan")
async def simulate_plan(body: SimIn, deps: DepsDep, caller: CallerDep) -> SimOut:
    """Amounts, risks and a dry run of each step; 422 BLOCKED with every blocker."""
    return await service.simulate(deps, caller, body)
