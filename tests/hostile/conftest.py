"""One world for tables that only read, a fresh one for tests that write."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from tests.api.world import World, open_world


async def migrated(path: Path) -> Path:
    """An empty store in this folder."""
    db = Database(f"sqlite:///{path}/onebox.db")
    await db.migrate()
    await db.close()
    return path / "onebox.db"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A fresh API, store, ICS and engine."""
    async with open_world(await migrated(tmp_path)) as made:
        yield made


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The same for all cases of one table."""
    async with open_world(await migrated(tmp_path_factory.mktemp("hostile"))) as made:
        yield made
