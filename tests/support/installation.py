"""An installation as in production: API and worker processes of their own on one store."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from cli.supervisor.layout import ROOT
from cli.supervisor.one_shot import tail
from cli.supervisor.ports import HOST, Ports
from cli.supervisor.process import Process, spawn

_START_SECONDS = 60.0


@dataclass(frozen=True)
class Installation:
    """Connections to the APIs, and every process by its name: api0, worker0 and so on."""

    apis: list[httpx.AsyncClient]
    parts: dict[str, Process]
    begin: Callable[[str], Awaitable[None]]

    @property
    def workers(self) -> dict[int, Process]:
        """The workers by process id."""
        return {part.pid: part for name, part in self.parts.items() if name.startswith("worker")}

    async def metric(self, name: str) -> list[float]:
        """What each API says."""
        texts = [(await api.get("/metrics")).text.splitlines() for api in self.apis]
        return [
            float(line.split()[1]) for text in texts for line in text if line.startswith(f"{name} ")
        ]

    def kill(self, name: str) -> None:
        """End a process with -9."""
        os.kill(self.parts[name].pid, signal.SIGKILL)

    async def revive(self, name: str) -> None:
        """Start what was killed again, where it was."""
        await self.parts[name].wait()
        await self.begin(name)

    def kill_worker_of(self, described: DescribeWorkflowExecutionResponse) -> int | None:
        """End with -9 the worker that has the run's pending activity; its process id.

        None where no activity is pending any more.
        """
        if not described.pending_activities:
            return None
        (pending,) = described.pending_activities
        pid = int(pending.last_worker_identity.split("@")[0])
        os.kill(self.workers[pid].pid, signal.SIGKILL)
        return pid


@asynccontextmanager
async def installation(
    env: Mapping[str, str], folder: Path, *, apis: int, workers: int
) -> AsyncIterator[Installation]:
    """Started together with these settings, ended at the end of the block."""
    async with AsyncExitStack() as undo:
        names = [*(f"api{n}" for n in range(apis)), *(f"worker{n}" for n in range(workers))]
        ports = Ports(folder / "ports.json", dict.fromkeys(names, 0), {})
        ports.replace_taken(*names)  # port 0 belongs to nobody: any free one
        parts: dict[str, Process] = {}

        async def begin(name: str) -> None:
            at = {"ONEBOX_API_PORT": "0", "ONEBOX_METRICS_PORT": "0", **_port(ports, name)}
            words = [sys.executable, "-m", "cli.main", name.rstrip("0123456789")]
            whole = {**os.environ, **env, **at}
            parts[name] = await spawn(words, ROOT, whole, folder / f"{name}.log")
            undo.push_async_callback(parts[name].stop, 10.0)

        for name in names:
            ports.release(name)
            await begin(name)
        clients = {name: await undo.enter_async_context(_client(ports, name)) for name in names}
        for name, client in clients.items():
            await _ready(client, folder / f"{name}.log")
        yield Installation([clients[name] for name in names[:apis]], parts, begin)


def _port(ports: Ports, name: str) -> dict[str, str]:
    setting = "ONEBOX_API_PORT" if name.startswith("api") else "ONEBOX_METRICS_PORT"
    return {setting: str(ports.by_name[name])}


def _client(ports: Ports, name: str) -> httpx.AsyncClient:
    url = f"http://{HOST}:{ports.by_name[name]}"
    return httpx.AsyncClient(base_url=url, timeout=60, trust_env=False)


async def _ready(client: httpx.AsyncClient, log: Path) -> None:
    until = asyncio.get_running_loop().time() + _START_SECONDS
    while asyncio.get_running_loop().time() < until:
        try:
            if (await client.get("/readyz")).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.25)
    pytest.fail(f"{log.name} did not become ready:\n{tail(log)}")
