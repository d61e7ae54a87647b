"""Transactions: alone, whole or not at all, and durable."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from onebox.errors import ConfigInvalid, StoreUnavailable
from store import budgets
from store.database import Database
from store.engines import Patience
from store.tables import BudgetDayRow, PauseRow, WaitRow
from tests.store.made import NOW
from tests.store.race import race

MORE_THAN_THERE_ARE = 21


def pause(scope: str) -> PauseRow:
    """A row that refers to nothing."""
    return PauseRow(scope=scope, actor="a", since=NOW)


async def scopes(db: Database) -> list[str]:
    """What is stored."""
    async with db.read() as s:
        return [row[0] for row in await s.execute(text("SELECT scope FROM pause ORDER BY scope"))]


async def test_sqlite_is_durable_and_checks_references(tmp_path: Path) -> None:
    """WAL, synchronous FULL, ten seconds of patience, foreign keys on."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/p.db")
    async with db.read() as s:
        found = {
            name: (await s.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    await db.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 10_000,
        "foreign_keys": 1,
    }


async def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    """A wait of a run that is not there cannot be stored."""
    with pytest.raises(IntegrityError):
        async with db.write() as s:
            s.add(WaitRow(run_id="none", step_id="a", waiting_for="x", since=NOW))


async def test_an_exception_undoes_the_transaction(db: Database) -> None:
    """All or nothing; the exception itself goes on."""

    async def fail() -> None:
        async with db.write() as s:
            s.add(pause("all"))
            await s.flush()
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await scopes(db) == []


async def test_a_cancelled_writer_leaves_nothing_and_blocks_nobody(db: Database) -> None:
    """The transaction of a task that is ended is undone, and others write on."""
    inside = asyncio.Event()

    async def hang() -> None:
        async with db.write() as s:
            s.add(pause("hung"))
            await s.flush()
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.write() as s:
        s.add(pause("next"))
    assert await scopes(db) == ["next"]


async def test_a_reader_drops_what_it_changes(db: Database) -> None:
    """A look stores nothing, and its rows stay readable."""
    async with db.read() as s:
        row = pause("all")
        s.add(row)
        await s.flush()
    assert row.scope == "all"
    assert await scopes(db) == []


async def test_readers_do_not_wait_for_a_writer(db: Database, other_db: Database) -> None:
    """While a transaction is open others see the state before it."""
    async with db.write() as s:
        s.add(pause("all"))
        await s.flush()
        async with asyncio.timeout(2):
            assert await scopes(other_db) == []
    assert await scopes(other_db) == ["all"]


async def test_a_look_sees_one_state(db: Database, other_db: Database) -> None:
    """What is committed between two statements of a look is not seen by the second."""
    counted = text("SELECT count(*) FROM pause")
    async with db.read() as s:
        assert await s.scalar(counted) == 0
        async with other_db.write() as writer:
            writer.add(pause("all"))
        assert await s.scalar(counted) == 0
    assert await scopes(db) == ["all"]


async def test_a_transaction_that_reads_first_loses_no_update(
    db: Database, other_db: Database
) -> None:
    """Sixty read-add-write transactions through two engines add up to sixty."""
    day = budgets.Day("t", "AGIALPHA", "2026-11-20")

    async def add_one(database: Database) -> None:
        async with database.write() as s:
            await budgets.hold(s, day, 1)

    await asyncio.gather(*(add_one(d) for d in [db, other_db] * 30))
    async with db.read() as s:
        row = await s.get_one(BudgetDayRow, tuple(day))
        assert row.held == "60"


async def test_who_finds_no_connection_free_is_told_so(migrated_url: str) -> None:
    """After the patience that there is; and is served once others have given theirs back."""
    db = Database(migrated_url, Patience(begin=1.0))

    async def look_all_at_once() -> None:
        async with AsyncExitStack() as busy:
            for _ in range(MORE_THAN_THERE_ARE):
                await busy.enter_async_context(db.read())

    with pytest.raises(StoreUnavailable, match="All connections to the store are in use"):
        await look_all_at_once()
    assert await scopes(db) == []
    await db.close()


async def test_processes_migrate_a_fresh_store_together(store_url: str) -> None:
    """Three processes that start at once all come up, on one schema."""
    assert await race(store_url, *[("migrate",)] * 3) == ["migrated"] * 3


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_an_unfit_url_is_refused(url: str) -> None:
    """Another database, or one without a file, is a fault of the configuration."""
    with pytest.raises(ConfigInvalid):
        Database(url)


@pytest.mark.parametrize("kind", ["no folder", "no database", "nobody there"])
async def test_a_store_that_does_not_answer_is_unavailable(tmp_path: Path, kind: str) -> None:
    """503 with a reason, whatever the driver calls it."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, however long one looks at it" * 100)
    url = {
        "no folder": f"sqlite:///{tmp_path}/none/x.db",
        "no database": f"sqlite:///{broken}",
        "nobody there": "postgresql://u:p@127.0.0.1:1/x",
    }[kind]
    db = Database(url)
    with pytest.raises(StoreUnavailable, match="does not answer"):
        async with db.read():
            pass
    await db.close()


async def test_a_missing_schema_is_unavailable(store_url: str) -> None:
    """A store that nobody migrated says which table is missing."""
    db = Database(store_url)
    with pytest.raises(StoreUnavailable, match="pause"):
        await scopes(db)
    await db.close()


async def test_migrating_makes_the_folder(tmp_path: Path) -> None:
    """A fresh clone has no var/."""
    db = Database(f"sqlite:///{tmp_path}/var/dev/onebox.db")
    await db.migrate()
    await db.migrate()
    assert await scopes(db) == []
    await db.close()
