"""aiosqlite with one trip to its thread per statement, where SQLAlchemy makes it take four.

Each trip wakes two threads, which costs more than most of our statements. Opening a cursor,
fetching and closing need no trip of their own when the statement brings its rows along
(docs/adr/0011). Nothing here is awaited differently: SQLAlchemy fetches all rows anyway.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import aiosqlite
from aiosqlite.context import contextmanager

T = TypeVar("T")
_CHUNK = 64  # aiosqlite's own; nobody here iterates over a cursor


class OneTripCursor(aiosqlite.Cursor):
    """Executes and fetches at once; has nothing to close, for all its rows are read."""

    def __init__(self, connection: "OneTripConnection") -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]  # there is none before execute
        self._connection = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "OneTripCursor":
        """Run the statement and read what it returns."""
        self._cursor, self._rows = await self._connection.trip(
            lambda db: _whole(db, sql, [] if parameters is None else parameters)
        )
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "OneTripCursor":
        """Run the statement for each set of parameters."""
        self._cursor = await self._connection.trip(
            lambda db: db.executemany(sql, cast("Iterable[Any]", parameters))
        )
        return self

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """The rows that came along."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors take one trip."""

    def __init__(self, path: str) -> None:
        super().__init__(lambda: sqlite3.connect(path, isolation_level=None), _CHUNK)
        self._thread.daemon = True  # as SQLAlchemy has it: a forgotten one must not hold the exit

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """A cursor; it opens with its statement."""
        return OneTripCursor(self)

    async def trip(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do this on the connection's thread."""
        done: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return done


async def connect(path: str) -> aiosqlite.Connection:
    """Open a database file. Transactions are begun and ended by statements alone."""
    return await OneTripConnection(path)


def _whole(
    connection: sqlite3.Connection, sql: str, parameters: Iterable[Any]
) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection.execute(sql, parameters)  # type: ignore[arg-type]  # a sequence or mapping
    return cursor, cursor.fetchall() if cursor.description else []
