"""The connection to the store. Callers own transactions: one `async with` is one of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from onebox.errors import ConfigInvalid, StoreUnavailable
from store import migrations, sqlite_driver

_PATIENCE_SECONDS = 10
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
# A statement's parameters may be anybody's secret; an exception's text ends in a log.
_DISCREET = {"hide_parameters": True}
_PRAGMAS = (
    f"busy_timeout = {_PATIENCE_SECONDS * 1000}",  # first: the others may meet a locked file
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",  # a claim must be on the disk before its first byte is sent
)
# PostgreSQL's error classes (the first two digits) that repeating may mend: connection, rollback
# (deadlock, serialization), resources, operator intervention, lock not available.
_PASSING = ("08", "40", "53", "55", "57")


class Database:
    """The store behind a URL: `sqlite[+aiosqlite]:///file` or `postgresql[+asyncpg]://...`."""

    def __init__(self, url: str) -> None:
        self._url = _with_driver(url)
        self._engine = _engine(self._url)
        looking = self._engine.execution_options(**_snapshot(self._url))
        writing = self._engine.execution_options(onebox_writes=True)
        self._readers = async_sessionmaker(looking, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One consistent look; rows stay readable afterwards, changes are dropped.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        with _faults_named():
            async with self._readers() as session:
                await _connect(session)
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back by an exception.

        On SQLite it holds the write lock from its first moment (BEGIN IMMEDIATE), so what
        it reads cannot change under it; on PostgreSQL the functions of this package lock
        the rows that guard. Never open one inside another.

        Raises:
            StoreUnavailable: the database does not answer, or was locked for too long.
        """
        with _faults_named():
            async with self._turn_to_write(), self._writers() as session:
                await _connect(session)
                yield session
                await session.commit()

    async def migrate(self) -> None:
        """Bring the schema to the newest revision; safe while other processes do the same.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        _make_folder(self._url)
        async with self.write() as session:
            connection = await session.connection()
            await connection.run_sync(migrations.upgrade)

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """Writers of one process queue here on SQLite: its own lock is polled and unfair."""
        if self._url.get_backend_name() != "sqlite":
            yield
            return
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("Other writers kept the store busy.") from error
        try:
            yield
        finally:
            self._turn.release()


def _with_driver(text: str) -> URL:
    url = make_url(text)
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in _DRIVERS.values():
        raise ConfigInvalid(f"The store speaks SQLite and PostgreSQL, not {url.drivername!r}.")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ConfigInvalid("The store needs a file: sqlite:///path/to/onebox.db.")
    return url


def _snapshot(url: URL) -> dict[str, str]:
    """What makes all statements of a look see one state; on SQLite every transaction does."""
    is_sqlite = url.get_backend_name() == "sqlite"
    return {} if is_sqlite else {"isolation_level": "REPEATABLE READ"}


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database is not None:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "postgresql":
        return create_async_engine(
            url, pool_pre_ping=True, pool_size=10, pool_timeout=_PATIENCE_SECONDS, **_DISCREET
        )
    path = url.database or ""
    engine = create_async_engine(
        url,
        pool_timeout=_PATIENCE_SECONDS,
        async_creator=lambda: sqlite_driver.connect(path),
        **_DISCREET,
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("onebox_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _connect(session: AsyncSession) -> None:
    try:
        await session.connection()
    except Exception as error:  # each driver has kinds of its own for a failed connection
        raise StoreUnavailable(f"The store does not answer: {error}") from error


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailable("All connections to the store are in use.") from error
    except DBAPIError as error:
        if not _is_passing(error):
            raise
        raise StoreUnavailable(f"The store does not answer: {error.orig}") from error


def _is_passing(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return True
    return str(getattr(error.orig, "sqlstate", "")).startswith(_PASSING)
