"""What operators of the service look at; no caller is asked for."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.deps import DepsDep
from api.errors import RETRY_AFTER_SECONDS
from api.metrics import exposition
from api.services.readiness import readiness
from api.services.stored_counts import stored_counts
from onebox.models import Json

router = APIRouter()


@router.get("/healthz", summary="The process answers")
async def healthz() -> Json:
    """Liveness only: no part is asked."""
    return {"ok": True}


@router.get("/readyz", summary="Every part that a run needs, by name")
async def readyz(deps: DepsDep, response: Response) -> Json:
    """503 while any part is missing."""
    found = await readiness(deps)
    if not found["ok"]:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return found


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
async def metrics(deps: DepsDep) -> Response:
    """Ends of runs and durations of steps are counted from the store."""
    text = exposition(deps.metrics, await stored_counts(deps.db))
    return Response(text, media_type=CONTENT_TYPE_LATEST)
