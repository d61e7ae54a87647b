"""A migrated store per test: SQLite always, PostgreSQL too where `--postgres-url` names one.

Run `pytest tests/store --postgres-url postgresql://user@host/postgres`: each test gets a
database of its own there, dropped afterwards.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.database import Database


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the suite may create databases on a real PostgreSQL."""
    parser.addoption("--postgres-url", default=None, help="a PostgreSQL to run tests/store on, too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that uses a store runs on every kind of store there is."""
    if "store_kind" in metafunc.fixturenames:
        kinds = ["sqlite"]
        if metafunc.config.getoption("--postgres-url", default=None):
            kinds.append("postgresql")
        metafunc.parametrize("store_kind", kinds)


@pytest.fixture
async def store_url(
    store_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of an empty store."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/onebox.db"
        return
    admin = make_url(request.config.getoption("--postgres-url"))
    name = f"onebox_{uuid4().hex}"
    await _command(admin.render_as_string(hide_password=False), f"CREATE DATABASE {name}")
    yield admin.set(database=name).render_as_string(hide_password=False)
    await _command(
        admin.render_as_string(hide_password=False), f"DROP DATABASE {name} WITH (FORCE)"
    )


@pytest.fixture
async def db(store_url: str) -> AsyncIterator[Database]:
    """A migrated store."""
    database = Database(store_url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def other_db(db: Database, store_url: str) -> AsyncIterator[Database]:
    """The same store through connections of its own, as another process has them."""
    assert db is not None
    database = Database(store_url)
    yield database
    await database.close()


async def _command(url: str, statement: str) -> None:
    drivered = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(drivered, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
