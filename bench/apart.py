"""A module of the bench that serves in a process of its own, so that it shares no event loop."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from cli.supervisor.ports import HOST

_TRIES, _PAUSE_SECONDS = 100, 0.1


@asynccontextmanager
async def served(module: str, port: int) -> AsyncIterator[str]:
    """`python -m module port` until the block ends; its URL, once it answers."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, str(port))
    try:
        url = f"http://{HOST}:{port}"
        await _answers(module, url)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _answers(module: str, url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(_TRIES):
            try:
                await http.get(url)
            except httpx.TransportError:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
    raise RuntimeError(f"{module} does not answer")
