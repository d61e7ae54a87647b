"""`onebox serve`, `api`, `worker`, `migrate`: the processes of an installation."""

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import typer
import uvicorn
from fastapi import FastAPI

from api.deps import Deps
from api.limits import Limits
from api.main import create_app
from api.protocol import TimedProtocol
from api.routes import operations
from cli.commands import open_files
from cli.commands.faults import shown
from onebox.logs import set_up_logs
from onebox.settings import Settings, load_settings
from store import tokens
from store.database import Database
from workflows.engine_settings import load_engine_settings
from workflows.parts import Parts, open_parts
from workflows.worker import keep_scheduled, schedule_sweep, worker_for

# Long polls last up to a minute; whoever stops the server does not wait for them.
_HTTP_GRACE_SECONDS = 2
_NOBODY = (
    "No token is valid, so nobody can call the API. Make one:\n"
    "  onebox tokens create --user alice --tenant acme --role operator"
)


@shown
def serve() -> None:
    """API and worker in one process."""
    settings = load_settings()
    _listen(create_app(settings, alongside=working), settings, settings.api_port)


@shown
def api() -> None:
    """The API alone."""
    settings = load_settings()
    _listen(create_app(settings), settings, settings.api_port)


@shown
def worker() -> None:
    """A worker alone; its /metrics, /healthz and /readyz are on ONEBOX_METRICS_PORT."""
    settings = load_settings()
    _listen(worker_app(settings), settings, settings.metrics_port)


@shown
def migrate() -> None:
    """Bring the store to the newest schema."""
    asyncio.run(_valid_tokens(load_settings()))
    typer.echo("the store has the newest schema")


@asynccontextmanager
async def working(parts: Parts) -> AsyncIterator[None]:
    """A worker on these parts, and the schedule of its sweep."""
    use = load_engine_settings(parts.settings.config_dir).worker
    async with worker_for(parts.client, parts.engine, parts.for_activities(), use):
        await schedule_sweep(parts.client, parts.engine.task_queue)
        keeping = asyncio.create_task(keep_scheduled(parts.client, parts.engine.task_queue))
        try:
            yield
        finally:
            keeping.cancel()


def worker_app(settings: Settings) -> FastAPI:
    """What a worker of its own shows to those who watch over it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_parts(settings) as parts:
            await parts.db.migrate()
            app.state.deps = Deps.of(parts)
            async with working(parts):
                yield

    app = FastAPI(title="OneBox worker", lifespan=lifespan, openapi_url=None)
    app.include_router(operations.router)
    return app


def _listen(app: FastAPI, settings: Settings, port: int) -> None:
    set_up_logs(settings.log_level)
    if asyncio.run(_valid_tokens(settings)) == 0:
        typer.echo(_NOBODY, err=True)
    limits = Limits.of(settings)
    if (too_few := open_files.allow(limits.connections)) is not None:
        typer.echo(too_few, err=True)
    uvicorn.run(app, **http_options(settings.api_host, port, limits))


def http_options(host: str, port: int, limits: Limits) -> dict[str, Any]:
    """How uvicorn serves every HTTP port of ours."""
    return {
        "host": host,
        "port": port,
        "http": functools.partial(TimedProtocol, limits=limits),
        "ws": "none",
        "access_log": False,
        "server_header": False,
        "log_config": None,
        "timeout_graceful_shutdown": _HTTP_GRACE_SECONDS,
    }


async def _valid_tokens(settings: Settings) -> int:
    db = Database(settings.database_url)
    try:
        await db.migrate()
        async with db.read() as session:
            rows = await tokens.list_all(session)
    finally:
        await db.close()
    return sum(row.revoked_at is None for row in rows)
