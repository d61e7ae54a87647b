"""GET /onebox/runs/{id}/lines and /receipt."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.auth import CallerDep
from api.cursor import parse_cursor
from api.deps import DepsDep
from api.services import run_lines as service
from api.services.receipt import promised_and_happened
from api.services.run_rows import read_rows
from onebox.models import ReceiptOut

router = APIRouter(prefix="/runs")
PLAIN, NDJSON = "text/plain; charset=utf-8", "application/x-ndjson"
After = Annotated[str | None, Query(description="Next-Cursor of an earlier answer")]
Accept = Annotated[str, Header(include_in_schema=False)]


@router.get(
    "/{run_id}/lines",
    summary="The handlers' lines, byte for byte",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}, NDJSON: {}}}},
)
async def lines_of_run(  # noqa: PLR0913, PLR0917  each is a part of one request
    run_id: str,
    deps: DepsDep,
    caller: CallerDep,
    step: str | None = None,
    after: After = None,
    accept: Accept = "*/*",
) -> Response:
    """Raw bytes as `text/plain`, or under `Accept: application/x-ndjson` an object a line."""
    found = await service.run_lines(deps, caller, run_id, step, parse_cursor(after))
    as_json = NDJSON in accept
    content = found.ndjson() if as_json else found.raw()
    headers = {"Next-Cursor": str(found.next_cursor), "Vary": "Accept"}
    return Response(content, media_type=NDJSON if as_json else PLAIN, headers=headers)


@router.get("/{run_id}/receipt", summary="Promised against happened")
async def receipt_of_run(run_id: str, deps: DepsDep, caller: CallerDep) -> ReceiptOut:
    """What admission promised each party, step by step, and what the chain's events say."""
    return promised_and_happened(await read_rows(deps, caller, run_id))
