"""Commands that do one thing and end."""

import asyncio
import os
from pathlib import Path

from cli.supervisor.process import spawn


class OneShotFailed(Exception):  # noqa: N818 - it says what happened
    """The command ended badly; the text is what it said last."""


async def output_of(command: list[str], cwd: Path) -> str:
    """What a quick command prints.

    Raises:
        OneShotFailed: it ended badly.
    """
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, cwd=cwd, stdout=pipe, stderr=pipe)
    said, complained = await child.communicate()
    if child.returncode != 0:
        raise OneShotFailed(complained.decode(errors="replace").strip())
    return said.decode().strip()


async def run_logged(command: list[str], cwd: Path, log: Path, patience: float) -> str:
    """Run a command into a log of its own; its last line.

    Raises:
        OneShotFailed: it ended badly or took longer than `patience` seconds.
    """
    process = await spawn(command, cwd, dict(os.environ), log)
    try:
        how = await asyncio.wait_for(process.wait(), patience)
    except TimeoutError as error:
        raise OneShotFailed(f"took more than {patience:.0f} s\n{tail(log)}") from error
    finally:
        process.kill()
    if how != "ended with code 0":
        raise OneShotFailed(f"{how}\n{tail(log)}")
    return tail(log, 1)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for people."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(it said nothing)"
    return "\n".join(text.rstrip().splitlines()[-lines:])
