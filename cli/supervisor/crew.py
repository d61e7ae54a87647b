"""The running parts: started, watched, started again on their old ports, stopped in reverse."""

import asyncio
import os
import time
from collections.abc import Callable

from cli.supervisor import stale
from cli.supervisor.layout import Layout
from cli.supervisor.one_shot import OneShotFailed, tail
from cli.supervisor.parts import Part
from cli.supervisor.ports import Ports
from cli.supervisor.process import Process, spawn
from cli.supervisor.ready import Check, NotReady, wait_until
from cli.supervisor.restarts import MOST_A_MINUTE, Restarts
from cli.supervisor.voice import Voice, moved


class StackFailed(Exception):  # noqa: N818 - it says what happened
    """A part did not start, or died too often; the text holds the end of its log."""


class Crew:
    """Keeps what it brought up. `changed` is called whenever a process id is a new one."""

    def __init__(
        self,
        layout: Layout,
        ports: Ports,
        voice: Voice,
        changed: Callable[[], None],
        restarts: Callable[[], Restarts] = Restarts,
    ) -> None:
        self._layout = layout
        self._ports = ports
        self._voice = voice
        self._changed = changed
        self._restarts = restarts
        self._running: dict[str, tuple[Part, Process]] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by the name of the part."""
        return {name: process.pid for name, (_, process) in self._running.items()}

    async def bring_up(self, make: Callable[[], Part]) -> None:
        """Start a part, wait until it is ready, and keep it alive from then on.

        Where somebody took its port in the meantime, it is made once more on a free one.

        Raises:
            StackFailed: it did not get ready.
        """
        started, part = time.monotonic(), make()
        try:
            await self._launch(part)
        except (NotReady, OneShotFailed) as reason:
            part = await self._elsewhere(part, make, reason)
        self._voice.up(part.title, part.where, time.monotonic() - started)
        self._keepers.append(asyncio.create_task(self._keep(part), name=f"keep {part.name}"))

    async def broken(self) -> None:
        """Wait until a part cannot be kept alive.

        Raises:
            StackFailed: when that happens.
        """
        await asyncio.shield(self._broken)

    def kill(self, name: str) -> None:
        """End one part now, as `kill -9` would."""
        self._running[name][1].kill()

    async def stop(self) -> None:
        """Stop every part, the last one first."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        try:
            for part, process in reversed(self._running.values()):
                await process.stop(part.grace)
        finally:
            for _, process in self._running.values():
                process.kill()
        if self._broken.done():
            self._broken.exception()  # looked at, so that asyncio does not complain
        self._broken.cancel()

    async def _launch(self, part: Part, check: Check | None = None) -> None:
        words, env = await part.command(), {**os.environ, **part.env}
        self._ports.release(*part.ports)
        process = await spawn(words, part.cwd, env, self._layout.log(part.name))
        self._running[part.name] = (part, process)
        stale.remember(self._layout.processes, self.pids)
        await wait_until(check or part.ready, process, part.patience)

    async def _elsewhere(self, part: Part, make: Callable[[], Part], reason: Exception) -> Part:
        if part.name in self._running:
            await self._running[part.name][1].stop(part.grace)
        lost = self._ports.replace_taken(*part.ports)
        if not lost:
            raise StackFailed(self._story(part, f"did not start: {reason}")) from reason
        for name, port in lost.items():
            self._voice.trouble(moved(name, port, self._ports.by_name[name]))
        again = make()
        try:
            await self._launch(again)
        except (NotReady, OneShotFailed) as still:
            raise StackFailed(self._story(again, f"did not start: {still}")) from still
        return again

    async def _keep(self, part: Part) -> None:
        restarts, lately = self._restarts(), ""
        while True:
            how = await self._running[part.name][1].wait()
            pause = restarts.next_pause(time.monotonic())
            if pause is None:
                return self._give_up(part, lately or how)
            lately = await self._restart(part, how, pause)

    async def _restart(self, part: Part, how: str, pause: float) -> str:
        """Why it did not get there; empty when it is back."""
        self._voice.trouble(f"  {part.title} {how}: starting it again at {part.where}")
        await asyncio.sleep(pause)
        started = time.monotonic()
        try:
            await self._launch(part, part.back or part.ready)
            self._changed()
        except (NotReady, OneShotFailed, OSError) as reason:  # a full disk is one of them
            why = f"not ready: {self._robbed(part) or reason}"
            self._voice.trouble(f"  {part.title} is {why}")
            self.kill(part.name)
            return why
        self._voice.trouble(f"  {part.title} is back after {time.monotonic() - started:.1f} s")
        return ""

    def _robbed(self, part: Part) -> str:
        """Where it has ended because somebody took its port while it was away."""
        process = self._running[part.name][1]
        lost = self._ports.taken(*part.ports) if process.ended else []
        return f"somebody else listens on its port {lost[0]}" if lost else ""

    def _give_up(self, part: Part, how: str) -> None:
        why = f"died more than {MOST_A_MINUTE} times within a minute, the last time {how}"
        if not self._broken.done():
            self._broken.set_exception(StackFailed(self._story(part, why)))

    def _story(self, part: Part, what: str) -> str:
        log = self._layout.log(part.name)
        return f"{part.title} {what}\nThe end of {log}:\n{tail(log)}"
