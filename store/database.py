"""The connection to the store. Callers own transactions: one `async with` is one of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from onebox.errors import StoreUnavailable
from store import migrations, room
from store.engines import UNHURRIED, Patience, engine_of, isolation, with_driver

_PATIENCE = Patience()
# Another process has migrated the store under us; the next transaction prepares anew.
_SchemaChanged = AsyncAdapt_asyncpg_dbapi.InvalidCachedStatementError
_Sessions = async_sessionmaker[AsyncSession]
# What PostgreSQL says that repeating may mend, by the first digits: connection, a server that only
# reads (a failover), rollback (deadlock, serialization), a schema that nobody has made yet,
# resources, lock not available, operator intervention.
_PASSING = ("08", "25006", "40", "42P01", "53", "55", "57")


class Database:
    """The store behind a URL: `sqlite[+aiosqlite]:///file` or `postgresql[+asyncpg]://...`."""

    def __init__(self, url: str, patience: Patience = _PATIENCE) -> None:
        self._url = with_driver(url)
        self._patience = patience
        self._engine = engine_of(self._url, patience)
        looking = self._engine.execution_options(**isolation(self._url, "REPEATABLE READ"))
        self._readers = async_sessionmaker(looking, expire_on_commit=False)
        self._writers = self._sessions_that_write(self._engine)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One consistent look; rows stay readable afterwards, changes are dropped.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        with _faults_named():
            async with self._readers() as session:
                await self._begin(session)
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
        async with self._transaction(self._writers) as session:
            yield session

    async def migrate(self) -> None:
        """Bring the schema to the newest revision; safe while other processes do the same.

        Raises:
            StoreUnavailable: the database does not answer.
            ConfigInvalid: it has a schema that only a newer OneBox knows.
        """
        _make_folder(self._url)
        engine = engine_of(self._url, UNHURRIED)
        try:
            async with self._transaction(self._sessions_that_write(engine)) as session:
                await (await session.connection()).run_sync(migrations.upgrade)
        finally:
            await engine.dispose()

    def check_room(self) -> None:
        """Look at the disk of a SQLite file; that of a PostgreSQL is its own to watch.

        Raises:
            StoreUnavailable: it takes nothing in, or soon will not.
        """
        if self._url.get_backend_name() == "sqlite":
            room.check_room(Path(self._url.database or ""))

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()

    def _sessions_that_write(self, engine: AsyncEngine) -> _Sessions:
        level = isolation(self._url, "READ COMMITTED")
        writing = engine.execution_options(onebox_writes=True, **level)
        return async_sessionmaker(writing, expire_on_commit=False)

    @asynccontextmanager
    async def _transaction(self, sessions: _Sessions) -> AsyncIterator[AsyncSession]:
        with _faults_named():
            async with self._turn_to_write(), sessions() as session:
                await self._begin(session)
                yield session
                await session.commit()

    async def _begin(self, session: AsyncSession) -> None:
        """Connected, in no more than twice our patience: for a connection, and for its answer."""
        try:
            async with asyncio.timeout(2 * self._patience.begin):
                await session.connection()
        except PoolTimeoutError as error:
            raise StoreUnavailable("All connections to the store are in use.") from error
        except Exception as error:  # each driver has kinds of its own for a failed connection
            raise StoreUnavailable(f"The store does not answer: {_reason(error)}") from error

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """Writers of one process queue here on SQLite: its own lock is polled and unfair."""
        if self._url.get_backend_name() != "sqlite":
            yield
            return
        try:
            async with asyncio.timeout(self._patience.begin):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("Other writers kept the store busy.") from error
        try:
            yield
        finally:
            self._turn.release()


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database is not None:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:  # the driver's, of a statement
        raise StoreUnavailable(f"The store does not answer: {_reason(error)}") from error
    except DBAPIError as error:
        if not _is_passing(error):
            raise
        raise StoreUnavailable(f"The store does not answer: {error.orig}") from error


def _reason(error: Exception) -> str:
    return str(error) or "it took too long"


def _is_passing(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return True
    if isinstance(error.orig, _SchemaChanged):
        return True
    return str(getattr(error.orig, "sqlstate", "")).startswith(_PASSING)
