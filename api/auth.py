"""Who calls: bearer tokens of the store, and what each role may do within its tenant."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.types import Scope
from structlog.contextvars import bind_contextvars

from api.deps import Deps
from onebox.errors import AuthInvalid, AuthMissing, RoleForbidden
from onebox.models import Role
from store import tokens

BASE = "/onebox"
_ORDER = [Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.GOVERNANCE]
_SCHEME = "Bearer "


@dataclass(frozen=True)
class Caller:
    """The user behind a token; `ens` is the name it votes or applies under, if any."""

    user_id: str
    tenant: str
    role: Role
    ens: str | None
    token_id: str

    def may(self, role: Role) -> bool:
        """True when the caller's role includes this one."""
        return _ORDER.index(self.role) >= _ORDER.index(role)


async def identify(deps: Deps, scope: Scope) -> None:
    """Leave the caller of any address under /onebox in the scope.

    Raises:
        AuthMissing, AuthInvalid: also for addresses that no route serves.
        TooManyRequests: the tenant has asked more than it may.
    """
    path = scope["path"]
    if path != BASE and not path.startswith(f"{BASE}/"):
        return
    caller = await _caller(deps, _token(Headers(scope=scope)))
    bind_contextvars(user=caller.user_id, tenant=caller.tenant)
    scope.setdefault("state", {})["caller"] = caller
    deps.meter.charge(caller.tenant, scope["method"])


def _token(headers: Headers) -> str:
    given = headers.getlist("authorization")
    if len(given) > 1:
        raise AuthInvalid("The request carries more than one Authorization header.")
    if not given or not given[0].startswith(_SCHEME):
        raise AuthMissing
    return given[0].removeprefix(_SCHEME).strip()


async def _caller(deps: Deps, token: str) -> Caller:
    async with deps.db.read() as session:
        row = await tokens.find(session, token)
    if row is None or row.revoked_at is not None:
        raise AuthInvalid
    return Caller(row.user_id, row.tenant, Role(row.role), row.ens, row.id)


async def require_api(request: Request) -> Caller:
    """The caller that the gate has found: no route under /onebox runs without one."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise AuthMissing
    return caller


def require(role: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only this role and those above it pass."""

    async def checked(caller: CallerDep) -> Caller:
        if not caller.may(role):
            raise RoleForbidden(f"A {caller.role} may not do this; it takes an {role}.")
        return caller

    return checked


# Only for openapi.json: the gate has already judged the header.
BEARER = Depends(HTTPBearer(auto_error=False, description="onebox tokens create makes one."))
CallerDep = Annotated[Caller, Depends(require_api)]
OperatorDep = Annotated[Caller, Depends(require(Role.OPERATOR))]
