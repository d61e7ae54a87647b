"""GET /onebox/status."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import CallerDep
from api.cursor import parse_cursor
from api.deps import DepsDep
from api.services import status as service
from onebox.models import StatusOut

router = APIRouter()
After = Annotated[str | None, Query(description="next_cursor of an earlier answer")]
Wait = Annotated[float, Query(ge=0, le=60, description="seconds to wait for a change")]


@router.get("/status", summary="Where a run stands, with its lines")
async def run_status(
    run_id: str, deps: DepsDep, caller: CallerDep, after: After = None, wait: Wait = 0
) -> StatusOut:
    """Run, steps, lines and receipts; with `after` only newer lines."""
    return await service.status(deps, caller, run_id, parse_cursor(after), wait)
