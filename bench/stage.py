"""One stack on ports of its own, and both sides' workers in this process."""

import json
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from temporalio.client import Client
from temporalio.service import GrpcCompression

from bench.bare import bare_worker, post_to
from bench.cpu import Meter
from bench.sides import BareSide, OneBoxSide
from cli.commands.serving import working
from cli.supervisor.layout import ROOT, Layout
from cli.supervisor.ports import HOST, USUAL
from cli.supervisor.supervisor import Supervisor
from onebox.logs import set_up_logs
from onebox.settings import Settings
from workflows.engine_settings import load_engine_settings
from workflows.parts import Parts, open_parts

FOLDER = ROOT / "var" / "bench"
_STACK = FOLDER / "stack"
WINDOWS = (5, 5)
# ICS compares a text with all before it: the thousandth run would pay for those before.
_FORGET = "CREATE TRIGGER forget AFTER INSERT ON spec BEGIN DELETE FROM spec; END"


@dataclass(frozen=True)
class Stage:
    """What the benches stand on."""

    up: Supervisor
    parts: Parts
    ours: OneBoxSide
    bare: BareSide

    @property
    def meter(self) -> Meter:
        """CPU of the three processes that a run goes through."""
        pids = self.up.endpoints.pids
        return Meter({"Temporal": pids["temporal"], "ICS": pids["ics"]})


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Everything up; the folder is empty before and gone afterwards."""
    shutil.rmtree(_STACK, ignore_errors=True)
    _STACK.mkdir(parents=True)
    ports = dict(zip(USUAL, free_ports(len(USUAL)), strict=True))
    (_STACK / "ports.json").write_text(json.dumps(ports), encoding="utf-8")
    try:
        async with Supervisor(_STACK, windows=WINDOWS, quiet=True) as up:
            _forget_texts(up.layout)
            with (_STACK / "bench.log").open("w", encoding="utf-8") as log:
                set_up_logs("info", log)
                async with _both(up) as found:
                    yield found
    finally:
        shutil.rmtree(_STACK, ignore_errors=True)


@asynccontextmanager
async def _both(up: Supervisor) -> AsyncIterator[Stage]:
    async with (
        open_parts(_settings(up.stack.onebox_env())) as parts,
        httpx.AsyncClient(timeout=60, trust_env=False) as http,
    ):
        await parts.db.migrate()
        use = load_engine_settings(parts.settings.config_dir).worker
        client = await _bare_client(parts.settings)
        token = parts.settings.ics_token.get_secret_value()
        post = post_to(parts.settings.ics_url, token, http, parts.contract)
        async with working(parts), bare_worker(client, post, use, parts.settings.max_parallel):
            yield Stage(up, parts, OneBoxSide(parts), BareSide(client))


def free_ports(count: int) -> list[int]:
    """Ports of the bench's own: a developer's stack keeps the usual ones."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]


def _settings(env: Mapping[str, str]) -> Settings:
    """The stack's own, with a queue and a store that its API leaves alone."""
    values = {name.removeprefix("ONEBOX_").lower(): value for name, value in env.items()}
    database = _STACK / "bench.db"
    values |= {"task_queue": "bench", "database_url": f"sqlite+aiosqlite:///{database}"}
    return Settings.model_validate(values)


async def _bare_client(settings: Settings) -> Client:
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        grpc_compression=GrpcCompression.NONE,
    )


def _forget_texts(layout: Layout) -> None:
    journal: Path = layout.journal
    with sqlite3.connect(journal) as db:
        db.execute(_FORGET)
    db.close()
