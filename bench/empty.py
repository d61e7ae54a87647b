"""The yardstick of the routes: a FastAPI application with one route that does nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from cli.supervisor.ports import HOST

_TRIES, _PAUSE_SECONDS = 100, 0.1

app = FastAPI(openapi_url=None)


@app.post("/empty")
async def empty() -> dict[str, bool]:
    """Nothing but the answer."""
    return {"ok": True}


@asynccontextmanager
async def served(port: int) -> AsyncIterator[str]:
    """The application in a process of its own, as uvicorn ships; its URL."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.empty", str(port))
    try:
        url = f"http://{HOST}:{port}"
        await _answers(url)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(_TRIES):
            try:
                await http.post(f"{url}/empty")
            except httpx.TransportError:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
    raise RuntimeError("the empty application does not answer")


if __name__ == "__main__":
    uvicorn.run(app, host=HOST, port=int(sys.argv[1]), access_log=False, log_level="warning")
