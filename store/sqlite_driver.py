"""aiosqlite with at most one trip to its thread per statement, where SQLAlchemy makes it take four.

Each trip wakes two threads, which costs more than most of our statements (docs/adr/0011). So a
statement brings its rows along, and inside a transaction that holds the write lock it makes no
trip at all: it waits for nobody, and is over sooner than a thread has woken up. What may wait
stays on the thread: beginning, committing (the disk), looks, and changes of many rows.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import aiosqlite
from aiosqlite.context import contextmanager

T = TypeVar("T")
_CHUNK = 64  # aiosqlite's own; nobody here iterates over a cursor
_FEW_ROWS = 100
_LOCKS = "BEGIN IMMEDIATE"
# DB-API's word for: threads may share a connection. The loop and its thread then take turns on it.
_SHARED = sqlite3.threadsafety == 3  # noqa: PLR2004 - the word is a number


class OneTripCursor(aiosqlite.Cursor):
    """Executes and fetches at once; has nothing to close, for all its rows are read."""

    def __init__(self, connection: "OneTripConnection") -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]  # there is none before execute
        self._connection = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "OneTripCursor":
        """Run the statement and read what it returns."""

        def whole(db: sqlite3.Connection) -> tuple[sqlite3.Cursor, list[Any]]:
            return _whole(db, sql, [] if parameters is None else parameters)

        there = self._connection
        self._cursor, self._rows = there.now(whole) if there.alone else await there.trip(whole)
        if sql.startswith("BEGIN"):
            there.locked = sql == _LOCKS
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "OneTripCursor":
        """Run the statement for each set of parameters."""
        rows, there = cast("Sequence[Any]", parameters), self._connection

        def each(db: sqlite3.Connection) -> sqlite3.Cursor:
            return db.executemany(sql, rows)

        at_once = there.alone and len(rows) <= _FEW_ROWS
        self._cursor = there.now(each) if at_once else await there.trip(each)
        return self

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """The rows that came along."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors take one trip, or none."""

    def __init__(self, path: str) -> None:
        super().__init__(lambda: _opened(path), _CHUNK)
        self._thread.daemon = True  # as SQLAlchemy has it: a forgotten one must not hold the exit
        self.locked = False

    @property
    def alone(self) -> bool:
        """Its transaction holds the write lock."""
        return _SHARED and self.locked and self._conn.in_transaction

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """A cursor; it opens with its statement."""
        return OneTripCursor(self)

    async def rollback(self) -> None:
        """Nothing where nothing is open: SQLAlchemy asks for it after each transaction.

        It never asks where a cancelled task left the thread at work: it closes that connection.
        """
        if self._conn.in_transaction:
            await super().rollback()

    def now(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do this here and now."""
        return work(self._conn)

    async def trip(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do this on the connection's thread."""
        done: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return done


async def connect(path: str) -> aiosqlite.Connection:
    """Open a database file. Transactions are begun and ended by statements alone."""
    return await OneTripConnection(path)


def _opened(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=not _SHARED)


def _whole(
    connection: sqlite3.Connection, sql: str, parameters: Iterable[Any]
) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection.execute(sql, parameters)  # type: ignore[arg-type]  # a sequence or mapping
    return cursor, cursor.fetchall() if cursor.description else []
