"""One world for tables that only read, a fresh one for tests that write."""

import io
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from onebox.logs import set_up_logs
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


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as the product logs it."""
    root, text = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    set_up_logs("info", text)
    client = logging.getLogger("httpx")  # the test's own client logs what it asks for
    client.setLevel(logging.WARNING)
    yield text
    client.setLevel(logging.NOTSET)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
