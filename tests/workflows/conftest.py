"""A client on the session's Temporal server, and the product's worker on it."""

import pytest
import pytest_asyncio
from temporalio.client import Client

from tests.activities.conftest import World, world
from tests.workflows.live import Live
from workflows.client import connect

__all__ = ["world"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_client(temporal_address: str) -> Client:
    """Connected as the product connects."""
    return await connect(temporal_address, "onebox")


@pytest.fixture
def live(temporal_client: Client, world: World) -> Live:
    """A queue of the test's own, its activities on a store and a scripted ICS."""
    return Live.on(temporal_client, world)
