"""/onebox/confirmations: the questions of running steps."""

from fastapi import APIRouter

from api.auth import CallerDep, OperatorDep
from api.deps import DepsDep
from api.services import confirm as service
from onebox.models import ConfirmationOut, Shape, VerdictIn

router = APIRouter(prefix="/confirmations")


class ConfirmationList(Shape):
    """Open questions, oldest first; all of them fit one page."""

    confirmations: list[ConfirmationOut]
    next_page_token: str | None = None


@router.get("", summary="The open questions of your tenant")
async def list_confirmations(deps: DepsDep, caller: CallerDep) -> ConfirmationList:
    """What waits for somebody's yes or no."""
    return ConfirmationList(confirmations=await service.pending(deps, caller))


@router.get("/{confirmation_id}", summary="One question, answered or not")
async def get_confirmation(
    confirmation_id: str, deps: DepsDep, caller: CallerDep
) -> ConfirmationOut:
    """The question with its preview, amount, payee, digest and expiry."""
    return await service.confirmation(deps, caller, confirmation_id)


@router.post("/{confirmation_id}/verdict", summary="Answer a question")
async def decide(
    confirmation_id: str, body: VerdictIn, deps: DepsDep, caller: OperatorDep
) -> ConfirmationOut:
    """The first answer stands; the same again is answered the same."""
    return await service.decide(deps, caller, confirmation_id, body)
