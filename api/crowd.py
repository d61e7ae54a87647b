"""Connections beyond what the process or one address may have: refused in words, then closed."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import at_the_door
from api.limits import Limits
from onebox.errors import OneBoxError, ServerBusy, TooManyConnections

# So many more are told why before they are hung up on; beyond that the line just goes dead.
SPARE = 64


def refusal(
    address: str | None, others: Iterable[str | None], limits: Limits
) -> OneBoxError | None:
    """Why a new connection is not served, None when it is.

    Args:
        address: of who connects.
        others: the address of each open connection, the new one among them.
        limits: of the process.
    """
    there = list(others)
    if len(there) > limits.connections:
        return ServerBusy()
    if limits.per_address is not None and there.count(address) > limits.per_address:
        return TooManyConnections()
    return None


def refusing(error: OneBoxError) -> ASGIApp:
    """An application that answers any request with this error and then hangs up."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        answer = at_the_door(error, scope["path"])
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)

    return refuse
