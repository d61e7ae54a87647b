"""Where SQLite's statements run: what may wait never holds the loop, what cannot makes no trip."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from store.database import Database

_LOOK = text("SELECT thread()")
_CHANGE = text("INSERT INTO seen (thread) SELECT thread() FROM (SELECT :n)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one table."""
    with sqlite3.connect(tmp_path / "s.db") as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("CREATE TABLE seen (thread INTEGER)")
    file.close()
    return tmp_path / "s.db"


@pytest_asyncio.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    """A store on it, without our schema."""
    database = Database(f"sqlite:///{path}")
    yield database
    await database.close()


async def watched(session: AsyncSession, say: Callable[[], int] = threading.get_ident) -> None:
    """Teach the connection to say which thread a statement runs on, or something else."""
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    assert raw is not None
    raw._conn.create_function("thread", 0, say)


def stored(path: Path) -> Sequence[int]:
    """The threads that changes ran on."""
    file = sqlite3.connect(path)
    found = [row[0] for row in file.execute("SELECT thread FROM seen")]
    file.close()
    return found


async def test_a_look_runs_on_the_thread(db: Database) -> None:
    """It may read much, or wait for another process that mends the file."""
    async with db.read() as session:
        await watched(session)
        assert await session.scalar(_LOOK) != threading.get_ident()


@pytest.mark.parametrize(("rows", "here"), [(1, True), (100, True), (101, False)])
async def test_few_changes_make_no_trip(db: Database, path: Path, rows: int, here: bool) -> None:
    """Whoever holds the write lock waits for nobody; many rows would hold the loop."""
    async with db.write() as session:
        await watched(session)
        await session.execute(_CHANGE, [{"n": n} for n in range(rows)])
    assert {thread == threading.get_ident() for thread in stored(path)} == {here}
    assert len(stored(path)) == rows


async def test_the_lock_is_waited_for_on_the_thread(db: Database, path: Path) -> None:
    """While another process writes, the loop goes on."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = asyncio.create_task(_write(db))
    await asyncio.sleep(0.2)
    assert not writer.done()
    other.execute("COMMIT")
    other.close()
    await writer


async def test_who_gives_up_waiting_for_the_lock_leaves_no_transaction(
    db: Database, path: Path
) -> None:
    """Its BEGIN still succeeds on the thread, after its task has been cancelled."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = asyncio.create_task(_write(db))
    await asyncio.sleep(0.2)
    writer.cancel()
    await asyncio.sleep(0)
    other.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await writer
    other.execute("BEGIN IMMEDIATE")  # at once: nobody else holds the lock
    other.execute("ROLLBACK")
    other.close()
    assert stored(path) == []


async def test_who_is_cancelled_in_the_middle_of_many_rows_leaves_none(
    db: Database, path: Path
) -> None:
    """The thread finishes them all, and they are undone."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        return int(go_on.wait(10))

    async def many() -> None:
        async with db.write() as session:
            await watched(session, slow)
            await session.execute(_CHANGE, [{"n": n} for n in range(101)])

    writer = asyncio.create_task(many())
    await asyncio.to_thread(begun.wait, 10)
    writer.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writer
    await _write(db)
    assert stored(path) == [1]


async def test_a_look_after_a_change_is_no_change(db: Database, path: Path) -> None:
    """A connection that has written serves looks on the thread again."""
    async with db.write() as session:
        await watched(session)
        await session.execute(_CHANGE, {"n": 1})
    async with db.read() as session:
        assert await session.scalar(_LOOK) != threading.get_ident()
    assert len(stored(path)) == 1


async def _write(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("INSERT INTO seen VALUES (1)"))
