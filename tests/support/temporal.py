"""A real Temporal server for the tests: the preflight's, with the product's own settings."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cli.supervisor import ready, temporal_server
from cli.supervisor.layout import ROOT
from cli.supervisor.one_shot import tail
from cli.supervisor.ports import HOST, Ports
from cli.supervisor.process import spawn
from workflows.engine_settings import load_engine_settings

_START_SECONDS = 60.0


@asynccontextmanager
async def temporal_server_in(folder: Path) -> AsyncIterator[str]:
    """A dev server on a file in this folder; yields host:port."""
    ports = Ports(folder / "ports.json", {"temporal": 0, "ui": 0}, {})
    ports.replace_taken("temporal", "ui")  # port 0 belongs to nobody: any free one
    use = load_engine_settings(ROOT / "config").server
    at, ui = ports.by_name["temporal"], ports.by_name["ui"]
    command = temporal_server.command(use, folder / "temporal.db", at, ui)
    ports.release("temporal", "ui")
    log = folder / "temporal.log"
    process = await spawn(command, ROOT, dict(os.environ), log)
    check = ready.temporal_serves(f"{HOST}:{at}", use.namespace, f"http://{HOST}:{ui}")
    try:
        await ready.wait_until(check, process, _START_SECONDS)
        yield f"{HOST}:{at}"
    except ready.NotReady as reason:
        pytest.fail(f"Temporal did not start: {reason}\n{tail(log)}")
    finally:
        await process.stop(5.0)


def need_temporal() -> None:
    """Skip on a developer's machine without a server; in continuous integration fail."""
    try:
        temporal_server.binary()
    except temporal_server.TemporalMissing as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))
