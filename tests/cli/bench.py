"""A crew on a folder of its own, whose parts are lines of Python."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.supervisor.crew import Crew
from cli.supervisor.layout import Layout
from cli.supervisor.one_shot import tail
from cli.supervisor.parts import Part
from cli.supervisor.ports import Ports
from cli.supervisor.ready import Check, NotReady
from cli.supervisor.restarts import Restarts
from cli.supervisor.voice import Voice

SERVE = "print('up', flush=True); import time; time.sleep(60)"


@dataclass
class Heard:
    """A voice that remembers."""

    said: list[str] = field(default_factory=list)

    def up(self, title: str, where: str, seconds: float) -> None:
        """A part is ready."""
        self.said.append(f"{title} up at {where} {seconds >= 0}")

    def note(self, text: str) -> None:
        """Something worth knowing."""
        self.said.append(text)

    def trouble(self, text: str) -> None:
        """Something went wrong, or was mended."""
        self.said.append(text)


@dataclass
class Bench:
    """A crew on a folder of its own."""

    layout: Layout
    ports: Ports
    voice: Heard
    speaks: Voice
    changes: list[dict[str, int]] = field(default_factory=list)

    def crew(self) -> Crew:
        """Every change of a process id is noted."""
        return Crew(
            self.layout,
            self.ports,
            self.speaks,
            lambda: self.changes.append({}),
            lambda: Restarts(first_pause=0.01),
        )

    def part(self, code: str, name: str = "part") -> Callable[[], Part]:
        """A part that is a line of Python, ready when it has said `up`."""
        log = self.layout.log(name)

        async def command() -> list[str]:
            log.unlink(missing_ok=True)  # of the start before
            return [sys.executable, "-c", code]

        return lambda: Part(name, name, "here", command, _said_up(log), patience=5.0)


def _said_up(log: Path) -> Check:
    async def check() -> None:
        if "up" not in tail(log):
            raise NotReady("not yet")

    return check


async def until(holds: Callable[[], bool]) -> None:
    """Wait for that, ten seconds at most."""
    for _ in range(200):
        if holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it never came to that")
