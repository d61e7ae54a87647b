"""What all tests may ask for: servers that are real, started once a session, and stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support import stores
from tests.support.temporal import need_temporal, temporal_server_in


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store postgresql`: tests that run on one kind of store run on this one."""
    parser.addoption("--store", choices=stores.KINDS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Host and port of a Temporal server with the product's namespace and settings."""
    need_temporal()
    async with temporal_server_in(tmp_path_factory.mktemp("temporal")) as address:
        yield address


@pytest.fixture(scope="session")
def one_kind(request: pytest.FixtureRequest) -> str:
    """The kind of store of tests that run on one: SQLite, unless the command line names one."""
    return str(request.config.getoption("--store") or "sqlite")


@pytest.fixture
def store_kind(one_kind: str) -> str:
    """The kind of the test's own store."""
    return one_kind


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The store that those of tests are copied from."""
    async with stores.migrated("sqlite", tmp_path_factory.mktemp("migrated")) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_postgresql(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The same on PostgreSQL."""
    async with stores.migrated("postgresql", tmp_path_factory.mktemp("migrated")) as url:
        yield url


@pytest.fixture
def template(store_kind: str, request: pytest.FixtureRequest) -> str:
    """What the test's own store is a copy of."""
    return str(request.getfixturevalue(f"migrated_{store_kind}"))


@pytest.fixture
async def migrated_url(template: str, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a migrated store that holds nothing."""
    async with stores.copy_of(template, tmp_path) as url:
        yield url
