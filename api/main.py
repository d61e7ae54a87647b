"""The application: gate, routes and errors around one set of dependencies."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.types import Scope

from api import errors
from api.auth import BASE, BEARER, identify, require_api
from api.deps import Deps
from api.gate import Gate, Identify
from api.observe import Observe
from api.proposer import proposer_of
from api.routes import confirmations, execute, operations, plan, runs, simulate, status
from onebox.settings import Settings, load_settings
from workflows.parts import Parts, open_parts

Alongside = Callable[[Parts], AbstractAsyncContextManager[object]]
VERSION = "0.1.0"


def create_app(
    settings: Settings | None = None,
    *,
    deps: Deps | None = None,
    alongside: Alongside | None = None,
) -> FastAPI:
    """The API.

    Args:
        settings: of the process; read from the environment at start when absent.
        deps: given by tests, which then own them; no part is opened.
        alongside: entered with the parts once they are open, for as long as the API
            serves: the combined process runs its worker in it.
    """
    app = _Api(
        title="OneBox",
        version=VERSION,
        description="One plain sentence becomes a plan, a simulation, a run, and its receipt.",
        lifespan=_lifespan(settings, deps, alongside),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat what the Host header claims
        strict_content_type=False,
    )
    if deps is not None:
        app.state.deps = deps
    errors.install(app)
    app.include_router(_onebox())
    app.include_router(operations.router, tags=["operations"])
    app.add_middleware(Gate, identify=_identify(app))
    app.add_middleware(Observe)
    return app


class _Api(FastAPI):
    """FastAPI, saying in its schema too that problems are `application/problem+json`."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document; FastAPI itself gives every model the route's media type."""
        schema = super().openapi()
        for methods in schema["paths"].values():
            for operation in methods.values():
                for code in _PROBLEMS.keys() & operation["responses"]:
                    operation["responses"][code]["content"] = _PROBLEM_CONTENT
        return schema


def _onebox() -> APIRouter:
    """Every route under the base: none is served without a caller."""
    router = APIRouter(
        prefix=BASE,
        dependencies=[BEARER, Depends(require_api)],
        responses=_PROBLEMS,
        tags=["onebox"],
    )
    for part in (plan, simulate, execute, status, runs, confirmations):
        router.include_router(part.router)
    return router


_PROBLEMS: dict[int | str, dict[str, object]] = {
    code: {"model": errors.Problem, "description": words}
    for code, words in {
        "4XX": "The request is refused; `code` and `fix` say why and what mends it.",
        "503": "A part is missing; `part` names it, Retry-After says when to try again.",
    }.items()
}


_PROBLEM_CONTENT = {
    errors.MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{errors.Problem.__name__}"}}
}


def _identify(app: FastAPI) -> Identify:
    async def by_token(scope: Scope) -> None:
        await identify(app.state.deps, scope)

    return by_token


def _lifespan(
    settings: Settings | None, deps: Deps | None, alongside: Alongside | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if deps is not None:
            yield
            return
        use = settings or load_settings()
        propose = proposer_of(use)
        async with open_parts(use) as parts:
            await parts.db.migrate()
            app.state.deps = replace(Deps.of(parts), propose=propose)
            async with alongside(parts) if alongside else nullcontext():
                yield

    return lifespan
