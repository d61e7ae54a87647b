"""The world of the API's tests."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from tests.api.world import World, open_world


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, migrated once; tests get copies."""
    path = tmp_path_factory.mktemp("store") / "onebox.db"
    db = Database(f"sqlite:///{path}")
    await db.migrate()
    await db.close()
    return path


@pytest.fixture
async def world(migrated: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh API, store, ICS and engine."""
    async with open_world(Path(shutil.copy(migrated, tmp_path))) as made:
        yield made
