"""A started part: its own process group, ended politely, then firmly."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Process:
    """A child in a group of its own, so that Ctrl-C reaches only the supervisor."""

    child: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self.child.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.child.returncode is not None

    async def wait(self) -> str:
        """Wait for the end; how it ended, for people."""
        code = await self.child.wait()
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    async def stop(self, patience: float) -> None:
        """Ask it to end; after `patience` seconds end its whole group."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.child.wait(), patience)
        self.kill()
        await self.child.wait()

    def kill(self) -> None:
        """End the whole group now."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


async def spawn(command: list[str], cwd: Path, env: dict[str, str], log: Path) -> Process:
    """Start a command that ends when we do; what it says goes to the end of `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    leash = [sys.executable, "-S", "-E", str(LEASH), str(os.getpid())]
    with log.open("ab") as file:
        child = await asyncio.create_subprocess_exec(
            *leash,
            *command,
            cwd=cwd,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    return Process(child)
