"""A migrated store per test, once on SQLite and once on a real PostgreSQL."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.database import Database
from tests.support import postgres

KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def store_kind(request: pytest.FixtureRequest) -> str:
    """Every test that uses a store runs on both kinds."""
    return str(request.param)


@pytest.fixture
async def store_url(store_kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of an empty store."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/onebox.db"
        return
    async with postgres.database() as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite store to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "onebox.db"
    await _migrate(f"sqlite:///{file}")
    return file


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_database() -> AsyncIterator[str]:
    """The same on PostgreSQL: the name of the database."""
    async with postgres.database() as url:
        await _migrate(url)
        yield postgres.name_of(url)


@pytest.fixture
def template(store_kind: str, request: pytest.FixtureRequest) -> str:
    """What a migrated store of the kind is copied from."""
    of_kind = {"sqlite": "migrated_file", "postgresql": "migrated_database"}
    return str(request.getfixturevalue(of_kind[store_kind]))


@pytest.fixture
async def migrated_url(store_kind: str, template: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a migrated store that holds nothing."""
    if store_kind == "sqlite":
        shutil.copy(template, tmp_path / "onebox.db")
        yield f"sqlite:///{tmp_path}/onebox.db"
        return
    async with postgres.database(template) as url:
        yield url


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated store."""
    database = Database(migrated_url)
    yield database
    await database.close()


@pytest.fixture
async def other_db(db: Database, migrated_url: str) -> AsyncIterator[Database]:
    """The same store through connections of its own, as another process has them."""
    assert db is not None
    database = Database(migrated_url)
    yield database
    await database.close()


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()
