"""What is under way, said at least every eight seconds."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SILENCE_SECONDS = 8.0


class Progress:
    """Lines with the seconds since the start in front."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._began

    def say(self, text: str) -> None:
        """One line, now."""
        self._said = time.monotonic()
        print(f"[{self.seconds:5.0f} s] {text}", flush=True)

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Says that work goes on whenever nothing else was said."""
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            if time.monotonic() - self._said > _SILENCE_SECONDS:
                self.say("...")
