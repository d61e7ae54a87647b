"""However many wait for news of runs, the store is asked once a beat."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.cursor import Cursor
from api.services.watch import Watch
from onebox.errors import StoreUnavailable
from onebox.models import RunState
from store import runs as stored_runs
from store.database import Database
from tests.api import runs
from tests.api.plans import post_job_steps
from tests.api.runs import a_run
from tests.api.world import World

pytestmark = pytest.mark.timed

READERS = 300
STEP = "moderation_gate"


class Counted(Database):
    """A store that counts its looks, and that a test can take away."""

    looks = 0
    gone = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One look, counted."""
        self.looks += 1
        if self.gone:
            raise StoreUnavailable
        async with super().read() as session:
            yield session


@pytest.fixture
async def store(world: World) -> AsyncIterator[Counted]:
    """The world's store through a connection that counts."""
    found = Counted(world.url)
    yield found
    await found.close()


async def at(world: World, run_id: str) -> Cursor:
    """Where the run is."""
    async with world.deps.db.read() as session:
        row = await stored_runs.load(session, run_id, "acme")
    return Cursor(row.line_count, row.version)


async def two_runs(world: World) -> list[str]:
    """That move no tokens."""
    return [await a_run(world, post_job_steps()[:1]) for _ in range(2)]


async def test_readers_share_their_looks(world: World, store: Counted) -> None:
    """Three hundred readers of two runs for a second: as many looks as one reader makes."""
    watch = Watch(store, 0.1)
    places = [(run_id, await at(world, run_id)) for run_id in await two_runs(world)]
    began = time.monotonic()
    await asyncio.gather(*(watch.change(*places[n % 2], 1.0) for n in range(READERS)))
    assert 0.9 < time.monotonic() - began < 3
    assert 1 < store.looks <= 12


async def test_news_of_a_run_wake_its_readers_and_no_others(world: World, store: Counted) -> None:
    """Each reader of the run that moved, at once; the others wait on."""
    watch = Watch(store, 0.05)
    one, two = await two_runs(world)
    await runs.begin(world, one, STEP)
    here, there = await at(world, one), await at(world, two)
    woken = [asyncio.create_task(watch.change(one, here, 20)) for _ in range(20)]
    other = asyncio.create_task(watch.change(two, there, 20))
    await asyncio.sleep(0.2)
    assert not any(task.done() for task in woken)
    await runs.write(world, one, STEP, b"news")
    await asyncio.wait_for(asyncio.gather(*woken), 5)
    assert not other.done()
    await runs.end(world, two, RunState.CANCELLED)
    await asyncio.wait_for(other, 5)


async def test_nobody_waits_nobody_looks(world: World, store: Counted) -> None:
    """After the last reader has gone, however it went, the store is left alone; later ones look."""
    watch, run_id = Watch(store, 0.02), await a_run(world)
    place = await at(world, run_id)
    left = asyncio.create_task(watch.change(run_id, place, 20))
    await asyncio.sleep(0.1)
    left.cancel()
    await watch.change(run_id, place, 0.1)
    await asyncio.sleep(0.1)
    before = store.looks
    await asyncio.sleep(0.2)
    assert store.looks == before
    await watch.change(run_id, place, 0.1)
    assert store.looks > before


async def test_a_store_that_went_away_is_an_answer(world: World, store: Counted) -> None:
    """Each reader gets 503 instead of silence, and waits again once it is back."""
    watch, run_id = Watch(store, 0.02), await a_run(world)
    world.swap(replace(world.deps, watch=watch))
    cursor = str(await at(world, run_id))
    store.gone = True
    answer = await world.get("/status", run_id=run_id, after=cursor, wait=20)
    assert (answer.status_code, answer.json()["code"]) == (503, "STORE_UNAVAILABLE")
    store.gone = False
    answer = await world.get("/status", run_id=run_id, after=cursor, wait=0.2)
    assert answer.status_code == 200
