"""A run that is watched from its start to its end."""

import asyncio
from collections.abc import Callable

from cli.client import OneBox
from cli.demo.narrator import Narrator
from onebox.models import RunState, StatusOut


class StoryBroken(Exception):  # noqa: N818 - the story breaks, the program does not
    """Something else happened than what OneBox promises; the message says what."""


class Followed:
    """Prints what is new of a run, and wakes whoever waits for a state of it."""

    def __init__(self, user: OneBox, run_id: str, tell: Narrator) -> None:
        self.run_id = run_id
        self.lines = 0
        self._user = user
        self._tell = tell
        self._status: StatusOut | None = None
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._follow())

    async def until(self, reached: Callable[[StatusOut], bool], what: str) -> StatusOut:
        """The first status that is so.

        Raises:
            StoryBroken: the run ended before.
        """
        async with self._news:
            await self._news.wait_for(
                lambda: self._task.done() or (self._status is not None and reached(self._status))
            )
        if self._status is None or not reached(self._status):
            await self._task
            raise StoryBroken(f"{self._user.name}: the run ended before {what}.")
        return self._status

    async def succeeded(self) -> StatusOut:
        """The end of the run.

        Raises:
            StoryBroken: it did not succeed.
        """
        found = await self._task
        if found.run.state is not RunState.SUCCEEDED:
            raise StoryBroken(f"{self._user.name}: {found.run.state.value}: {found.run.error}")
        return found

    async def stop(self) -> None:
        """Watch no longer; what went wrong while watching was told to whoever waited."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> StatusOut:
        try:
            async for found in self._user.follow(self.run_id):
                self._tell.progress(self._user.name, found)
                self.lines += len(found.logs)
                await self._wake(found)
            return found
        finally:
            await self._wake(self._status)

    async def _wake(self, found: StatusOut | None) -> None:
        async with self._news:
            self._status = found
            self._news.notify_all()
