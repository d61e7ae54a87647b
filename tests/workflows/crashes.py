"""A process that dies at one certain moment: right before or after one of its outside calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from activities.deps import ActivityDeps
from store.database import Database
from tests.support.fake_ics import FakeIcs


class Crash(BaseException):
    """The process is gone: no `except` of the product's may catch it."""


@dataclass
class Fuse:
    """Burns through at the n-th moment (from 1), once: the process dies, or what else is named."""

    at: int
    fault: type[BaseException] = Crash
    passed: int = 0

    @property
    def blown(self) -> bool:
        """True once the crash has happened."""
        return self.passed >= self.at

    def moment(self) -> None:
        """One moment at which the process may die."""
        self.passed += 1
        if self.passed == self.at:
            raise self.fault


class CrashingDatabase(Database):
    """Dies before a commit or after it, or before a look."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        super().__init__(url)
        self.fuse = fuse

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A look."""
        self.fuse.moment()
        async with super().read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction."""
        async with super().write() as session:
            yield session
            self.fuse.moment()
        self.fuse.moment()


@dataclass
class CrashingIcs(FakeIcs):
    """ICS itself lives on; the caller dies before it has sent, or before it has heard."""

    fuse: Fuse = field(default_factory=lambda: Fuse(0))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.fuse.moment()
        answer = await super()._answer(request)
        self.fuse.moment()
        return answer


def crashing(deps: ActivityDeps, url: str, ics: CrashingIcs, fuse: Fuse) -> ActivityDeps:
    """The same parts, whose outside calls are such moments."""
    handshake = replace(deps.handshake, ics=ics.client())
    db = CrashingDatabase(url, fuse)
    return replace(deps, db=db, ics=ics.client(), handshake=handshake)
