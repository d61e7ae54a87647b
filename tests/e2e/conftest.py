"""A real stack on each kind of store: chain, ICS, Temporal, API and worker."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from cli.client import OneBox
from cli.supervisor.supervisor import Supervisor
from tests.e2e.shared import Shared, shared_on
from tests.e2e.stacks import stack_on
from tests.support import postgres, stores
from tests.support.ports import free_ports


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On each kind of store, or on one: the mark says which, before it the command line."""
    if "kind" not in metafunc.fixturenames:
        return
    only = metafunc.config.getoption("--store")
    mark = metafunc.definition.get_closest_marker("store")
    kinds = [only] if only else _possible(mark.args) if mark else stores.KINDS
    metafunc.parametrize("kind", kinds, scope="session")


def _possible(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """A test that runs on PostgreSQL alone runs on SQLite where there is no PostgreSQL."""
    return kinds if postgres.is_here() else ("sqlite",)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def up(kind: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Supervisor]:
    """The stack on a folder and a store of its own; a part that a test kills is started again."""
    async with stack_on(kind, tmp_path_factory.mktemp("e2e")) as stack:
        yield stack


@pytest_asyncio.fixture(loop_scope="session")
async def http(up: Supervisor) -> AsyncIterator[httpx.AsyncClient]:
    """Connections to the API."""
    async with httpx.AsyncClient(base_url=up.endpoints.api, timeout=90, trust_env=False) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def users(up: Supervisor, http: httpx.AsyncClient) -> dict[str, OneBox]:
    """Every local user, with its own token."""
    return {name: OneBox(name, token.token, http) for name, token in up.tokens.items()}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(up: Supervisor, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shared]:
    """Two API processes and two workers beside the stack, on one PostgreSQL."""
    async with shared_on(up, tmp_path_factory.mktemp("shared")) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def api_without_worker(up: Supervisor) -> AsyncIterator[httpx.AsyncClient]:
    """`onebox api` on the same store and engine, starting runs on a queue nobody serves."""
    (port,) = free_ports(1)
    alone = {"ONEBOX_API_PORT": str(port), "ONEBOX_TASK_QUEUE": "nobody"}
    env = {**os.environ, **up.stack.onebox_env(), **alone}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", "api", env=env, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False
        ) as client:
            await _alive(client)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def _alive(client: httpx.AsyncClient) -> None:
    for _ in range(120):
        try:
            await client.get("/healthz")
        except httpx.TransportError:
            await asyncio.sleep(0.25)
        else:
            return
    pytest.fail("onebox api did not start within 30 seconds")
