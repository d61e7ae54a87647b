"""A client on the session's Temporal server."""

import pytest_asyncio
from temporalio.client import Client

from workflows.client import connect


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_client(temporal_address: str) -> Client:
    """Connected as the product connects."""
    return await connect(temporal_address, "onebox")
