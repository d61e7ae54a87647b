"""What all tests may ask for: servers that are real, started once a session."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.temporal import need_temporal, temporal_server_in


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Host and port of a Temporal server with the product's namespace and settings."""
    need_temporal()
    async with temporal_server_in(tmp_path_factory.mktemp("temporal")) as address:
        yield address
