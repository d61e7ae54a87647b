"""The world of the API's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.api.world import World, open_world


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """A fresh API, store, ICS and engine."""
    async with open_world(migrated_url) as made:
        yield made
