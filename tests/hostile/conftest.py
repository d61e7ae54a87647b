"""One world for tables that only read, a fresh one for tests that write."""

from collections.abc import AsyncIterator

import pytest

from tests.api.world import World, open_world
from tests.support import stores


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """A fresh API, store, ICS and engine."""
    async with open_world(migrated_url) as made:
        yield made


@pytest.fixture(scope="module")
async def shared(one_kind: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The same for all cases of one table."""
    folder = tmp_path_factory.mktemp("hostile")
    async with stores.migrated(one_kind, folder) as url, open_world(url) as made:
        yield made
