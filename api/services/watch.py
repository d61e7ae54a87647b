"""Long polls: one look at the store for all of them, however many readers wait."""

import asyncio
from dataclasses import dataclass, field

from api.cursor import Cursor
from onebox.errors import OneBoxError
from store import runs
from store.database import Database

LOOK_SECONDS = 0.15


@dataclass(eq=False)
class _Reader:
    """Somebody who has seen this much of a run, and waits to be told of more."""

    run_id: str
    seen: Cursor
    told: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Watch:
    """The readers of one process. The store is asked while there are any, and not otherwise.

    A reader that asked the store by itself, seven times a second, would leave nothing of a core
    to anybody else once there are some hundreds of them.
    """

    def __init__(self, db: Database, look_seconds: float = LOOK_SECONDS) -> None:
        self._db = db
        self._look_seconds = look_seconds
        self._readers: set[_Reader] = set()
        self._looking: asyncio.Task[None] | None = None

    async def change(self, run_id: str, seen: Cursor, seconds: float) -> None:
        """Return when the run is elsewhere than `seen`, as it is after its end, or the time is up.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        reader = _Reader(run_id, seen)
        self._readers.add(reader)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_while_watched())
        try:
            await asyncio.wait([reader.told], timeout=seconds)
        finally:
            self._readers.discard(reader)
        if reader.told.done():
            reader.told.result()

    async def _look_while_watched(self) -> None:
        while self._readers:
            try:
                await self._look()
            except OneBoxError as fault:
                self._fail(fault)
            await asyncio.sleep(self._look_seconds)

    async def _look(self) -> None:
        asked = {reader.run_id for reader in self._readers}
        async with self._db.read() as session:
            found = await runs.progress(session, asked)
        for reader in tuple(self._readers):
            run = found.get(reader.run_id)
            if run is None:  # it came while the store was asked
                continue
            if Cursor(run.line_count, run.version) != reader.seen and not reader.told.done():
                reader.told.set_result(None)

    def _fail(self, fault: OneBoxError) -> None:
        for reader in self._readers:
            if not reader.told.done():
                reader.told.set_exception(fault)
