"""Heartbeats beside the work: a dead worker is noticed, a cancelled attempt is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

BEAT_SECONDS = 1.0


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Beat until the block ends, however long a handler stays silent.

    The first beat comes after a second: most attempts are over by then, and each beat is a call.
    A local activity has none: the workflow task that it runs in stands for it.
    """
    if activity.info().is_local:
        yield
        return
    task = asyncio.create_task(_beat())
    try:
        yield
    finally:
        task.cancel()


async def _beat() -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        activity.heartbeat()
