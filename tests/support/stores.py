"""Stores for the tests, of each kind: empty ones, and copies of a migrated one."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from store.database import Database
from tests.support import postgres

KINDS = ("sqlite", "postgresql")


@asynccontextmanager
async def empty(kind: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a store without a schema; SQLite's file lies in the folder."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/onebox.db"
        return
    async with postgres.database() as url:
        yield url


@asynccontextmanager
async def migrated(kind: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a store with the newest schema that holds nothing."""
    async with empty(kind, folder) as url:
        database = Database(url)
        await database.migrate()
        await database.close()
        yield url


@asynccontextmanager
async def copy_of(template: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a copy of the store behind another: migrating takes longer than most tests."""
    if template.startswith("sqlite"):
        shutil.copy(template.removeprefix("sqlite:///"), folder / "onebox.db")
        yield f"sqlite:///{folder}/onebox.db"
        return
    async with postgres.database(postgres.name_of(template)) as url:
        yield url
