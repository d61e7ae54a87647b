"""POST /onebox/execute."""

from fastapi import APIRouter, Response

from api.auth import BASE, OperatorDep
from api.deps import DepsDep
from api.services import admit as service
from onebox.models import ExecIn, ExecOut

router = APIRouter()


@router.post("/execute", summary="Run a plan once")
async def execute_plan(
    body: ExecIn, deps: DepsDep, caller: OperatorDep, response: Response
) -> ExecOut:
    """The run of the plan: the same one however often this is asked."""
    run = await service.execute(deps, caller, body)
    response.headers["Location"] = f"{BASE}/status?run_id={run.run_id}"
    return run
