"""Connections to a store of either kind: how they begin a transaction, and how long they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from onebox.errors import ConfigInvalid
from store import sqlite_driver

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
# A statement's parameters may be anybody's secret; an exception's text ends in a log.
_DISCREET = {"hide_parameters": True}
_PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",  # a claim must be on the disk before its first byte is sent
)


@dataclass(frozen=True)
class Patience:
    """How many seconds at most; 0 waits for ever.

    `begin`: to begin a transaction; on SQLite that includes the one lock there is. The others
    are PostgreSQL's. `lock`: for what somebody else has locked. `statement`: what tells a slow
    statement, such as a million lines, from a server that has stopped answering. `idle`: after
    this the server takes the locks from a process that is frozen, or gone without a word.
    """

    begin: float = 10.0
    lock: float = 10.0
    statement: float = 120.0
    idle: float = 60.0


# A migration may find much to do, and others at it.
UNHURRIED = Patience(lock=0, statement=0, idle=0)


def with_driver(text: str) -> URL:
    """The URL with the driver that we use.

    Raises:
        ConfigInvalid: it is of another kind, or names no file.
    """
    url = make_url(text)
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in _DRIVERS.values():
        raise ConfigInvalid(f"The store speaks SQLite and PostgreSQL, not {url.drivername!r}.")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ConfigInvalid("The store needs a file: sqlite:///path/to/onebox.db.")
    return url


def isolation(url: URL, level: str) -> dict[str, str]:
    """What makes a transaction of this level, whatever the database's own default is.

    All statements of a look see one state (REPEATABLE READ); a writer sees, once it has waited
    for a lock, what the one before it committed (READ COMMITTED). On SQLite every transaction
    does both.
    """
    return {} if url.get_backend_name() == "sqlite" else {"isolation_level": level}


def engine_of(url: URL, patience: Patience) -> AsyncEngine:
    """Connections to the store."""
    make = _postgresql if url.get_backend_name() == "postgresql" else _sqlite
    return make(url, patience)


def _postgresql(url: URL, patience: Patience) -> AsyncEngine:
    limits = {
        "lock_timeout": f"{patience.lock * 1000:.0f}ms",
        "idle_in_transaction_session_timeout": f"{patience.idle * 1000:.0f}ms",
    }
    return create_async_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=patience.begin,
        connect_args={
            "timeout": patience.begin,
            "command_timeout": patience.statement or None,
            "server_settings": limits,
        },
        **_DISCREET,
    )


def _sqlite(url: URL, patience: Patience) -> AsyncEngine:
    path = url.database or ""
    engine = create_async_engine(
        url,
        pool_timeout=patience.begin,
        async_creator=lambda: sqlite_driver.connect(path),
        **_DISCREET,
    )
    # First: the others may meet a locked file.
    patient = f"busy_timeout = {patience.begin * 1000:.0f}"
    event.listen(engine.sync_engine, "connect", partial(_set_pragmas, (patient, *_PRAGMAS)))
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_pragmas(
    pragmas: Sequence[str], connection: DBAPIConnection, _entry: ConnectionPoolEntry
) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("onebox_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
