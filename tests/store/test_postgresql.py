"""What only a server of its own can do to a transaction: freeze, be killed, wait for others."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import ConfigInvalid, StoreUnavailable
from store import waits
from store.database import Database
from store.engines import Patience
from store.guard import lock_run
from tests.store.made import NOW, admitted, run_row
from tests.support import postgres

pytestmark = [
    pytest.mark.timed,
    pytest.mark.parametrize("store_kind", ["postgresql"], indirect=True),
]
BRIEF = Patience(begin=0.6, lock=0.2, statement=1.5, idle=0.3)


@pytest.fixture
async def hasty(migrated_url: str) -> AsyncIterator[Database]:
    """The same store through connections that wait for nothing long."""
    database = Database(migrated_url, BRIEF)
    yield database
    await database.close()


async def put(s: AsyncSession, run_id: str, waiting_for: str) -> None:
    """A change that locks its run."""
    await waits.put(s, run_id, "post_job", waiting_for, NOW, None)


async def waiting_for(db: Database, run_id: str) -> list[str]:
    """What is stored."""
    async with db.read() as s:
        return [row.waiting_for for row in await waits.of_run(s, run_id)]


async def test_a_wait_for_a_lock_or_an_answer_ends(db: Database) -> None:
    """By default in as many seconds as on SQLite; a statement may take longer."""
    async with db.read() as s:
        names = ("lock_timeout", "idle_in_transaction_session_timeout")
        shown = [(await s.execute(text(f"SHOW {name}"))).scalar_one() for name in names]
    assert shown == ["10s", "1min"]


async def test_who_keeps_a_lock_keeps_nobody_waiting_for_ever(
    db: Database, hasty: Database
) -> None:
    """The other is told that the store is busy, and succeeds once the lock is free."""
    run_id = await admitted(db)
    async with db.write() as s:
        await lock_run(s, run_id)
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            async with hasty.write() as other:
                await put(other, run_id, "late")
    async with hasty.write() as other:
        await put(other, run_id, "free")
    assert await waiting_for(db, run_id) == ["free"]


async def test_a_process_that_hangs_in_a_transaction_loses_its_locks(
    db: Database, hasty: Database
) -> None:
    """What it did is undone; others go on."""
    run_id = await admitted(db)

    async def hang() -> None:
        async with hasty.write() as s:
            await put(s, run_id, "hung")
            await asyncio.sleep(0.6)
            await put(s, run_id, "too late")

    with pytest.raises(StoreUnavailable):
        await hang()
    async with db.write() as s:
        await put(s, run_id, "next")
    assert await waiting_for(db, run_id) == ["next"]


async def test_a_server_that_stops_answering_is_unavailable(db: Database, hasty: Database) -> None:
    """At the start of a transaction and in its middle, which leaves nothing; then all is well."""
    run_id = await admitted(db)
    async with hasty.read() as s:
        backend = await backend_of(s)
    with silent(backend), pytest.raises(StoreUnavailable, match="took too long"):
        await waiting_for(hasty, run_id)

    async def change() -> None:
        async with hasty.write() as s:
            await put(s, run_id, "before")
            with silent(await backend_of(s)):
                await put(s, run_id, "meanwhile")

    with pytest.raises(StoreUnavailable, match="took too long"):
        await change()
    async with db.write() as s:
        await put(s, run_id, "next")
    assert await waiting_for(hasty, run_id) == ["next"]


@pytest.mark.parametrize("moment", ["before", "within", "at the end"])
async def test_a_killed_connection_leaves_nothing(
    db: Database, other_db: Database, moment: str
) -> None:
    """pg_terminate_backend at each moment of a transaction: unavailable, undone, and on again."""
    run_id = await admitted(db)

    async def change() -> None:
        async with db.write() as s:
            backend = await backend_of(s)
            if moment != "before":
                await put(s, run_id, "lost")
            await terminate(other_db, backend)
            if moment != "at the end":
                await put(s, run_id, "lost")

    with pytest.raises(StoreUnavailable, match="does not answer"):
        await change()
    assert await waiting_for(db, run_id) == []
    async with db.write() as s:
        await put(s, run_id, "again")
    assert (await run_row(db, run_id)).version == 1


async def test_a_store_that_is_migrated_under_a_process_serves_it_on(
    db: Database, other_db: Database
) -> None:
    """A process of before fails once with what repeating mends."""
    run_id = await admitted(db)
    assert await waiting_for(db, run_id) == []
    async with other_db.write() as s:
        await s.execute(text("ALTER TABLE wait ALTER COLUMN waiting_for TYPE varchar(99)"))
    with pytest.raises(StoreUnavailable, match="schema"):
        await waiting_for(db, run_id)
    assert await waiting_for(db, run_id) == []


async def test_the_databases_own_defaults_change_no_guarantee(db: Database) -> None:
    """A look sees one state, a writer what was committed before it, whatever it is set to."""
    async with db.write() as s:
        name = (await s.execute(text("SELECT current_database()"))).scalar_one()
        for level in ("serializable", "repeatable read"):
            setting = f"default_transaction_isolation = '{level}'"
            await s.execute(text(f"ALTER DATABASE {name} SET {setting}"))
    await db.close()
    shown = text("SHOW transaction_isolation")
    async with db.read() as s:
        assert await s.scalar(shown) == "repeatable read"
    async with db.write() as s:
        assert await s.scalar(shown) == "read committed"


async def test_a_server_that_only_reads_is_unavailable_to_writers(
    db: Database, other_db: Database
) -> None:
    """As a standby does until a failover is over: looks go on."""
    run_id = await admitted(db)
    async with db.write() as s:
        await put(s, run_id, "before")
        name = (await s.execute(text("SELECT current_database()"))).scalar_one()
        await s.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    with pytest.raises(StoreUnavailable, match="read-only"):
        async with other_db.write() as s:
            await put(s, run_id, "after")
    assert await waiting_for(other_db, run_id) == ["before"]


async def test_a_database_without_room_for_every_character_is_refused(db: Database) -> None:
    """At the start, in a sentence, and not at the first line that holds one."""
    async with postgres.database("template0 ENCODING 'LATIN1'") as url:
        narrow = Database(url)
        with pytest.raises(ConfigInvalid, match="LATIN1"):
            await narrow.migrate()
        await narrow.close()
    await db.migrate()


async def backend_of(s: AsyncSession) -> int:
    """The process that serves this connection."""
    return int((await s.execute(text("SELECT pg_backend_pid()"))).scalar_one())


@contextmanager
def silent(backend: int) -> Iterator[None]:
    """A server process that does not answer, as long as the block lasts."""
    os.kill(backend, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(backend, signal.SIGCONT)


async def terminate(db: Database, backend: int) -> None:
    """Kill a connection, and wait until it is gone."""
    async with db.write() as s:
        await s.execute(text("SELECT pg_terminate_backend(:it, 5000)"), {"it": backend})
