"""A migrated store per test, once on SQLite and once on a real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from tests.support import stores


@pytest.fixture(params=stores.KINDS)
def store_kind(request: pytest.FixtureRequest) -> str:
    """Every test that uses a store runs on both kinds."""
    return str(request.param)


@pytest.fixture
async def store_url(store_kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of an empty store."""
    async with stores.empty(store_kind, tmp_path) as url:
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
