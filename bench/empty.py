"""The yardstick of the routes: a FastAPI application with one route that does nothing."""

import sys

import uvicorn
from fastapi import FastAPI

from cli.supervisor.ports import HOST

app = FastAPI(openapi_url=None)


@app.post("/empty")
async def empty() -> dict[str, bool]:
    """Nothing but the answer."""
    return {"ok": True}


if __name__ == "__main__":
    uvicorn.run(app, host=HOST, port=int(sys.argv[1]), access_log=False, log_level="warning")
