"""Run a command that may take long: its output to a log, a sign of life every 8 seconds."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.preflight.lines import say
from cli.preflight.places import LOGS, ROOT

# Nothing of ours is silent for more than 10 seconds.
HEARTBEAT_SECONDS = 8.0
_LOOK_SECONDS = 0.1
_FEW_BYTES = 4096


class Failed(Exception):  # noqa: N818 - it says what happened to the command
    """A command failed, ran too long or is missing; the text says which and what it said."""


@dataclass(frozen=True)
class Task:
    """One installation: a name for people, a command, and when to give up (seconds).

    `alive` is asked once a second; a False ends the command before its time.
    """

    name: str
    command: list[str]
    cwd: Path = ROOT
    logs: Path = LOGS
    extra_env: dict[str, str] = field(default_factory=dict)
    limit: float = 1800.0
    alive: Callable[[], bool] | None = None

    @property
    def log(self) -> Path:
        """The file that holds what the command said."""
        return self.logs / (self.name.replace(" ", "-").lower() + ".log")


def run(task: Task, verb: str = "installing", every: float = HEARTBEAT_SECONDS) -> float:
    """Run a task; its seconds. It gives a sign of life `every` so many seconds.

    Raises:
        Failed: the command ended badly or did not end in time.
    """
    task.logs.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with task.log.open("wb") as log:
        try:
            process = subprocess.Popen(
                task.command,
                cwd=str(task.cwd),
                env={**os.environ, **task.extra_env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise Failed(f"{task.name}: {error}") from error
        try:
            _watch(task, process, f"still {verb} {task.name} ...", every)
        finally:
            _end(process)
    if process.returncode != 0:
        raise Failed(_story(task, f"ended with code {process.returncode}"))
    return time.monotonic() - started


def answer_of(command: list[str], limit: float) -> str:
    """What a quick command says; empty where it does not end well, soon and in a few words.

    It may be anything that somebody calls by a name: a program that hangs, that asks back, or
    that never stops to talk.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return ""
    late = threading.Timer(limit, _kill, [process])
    late.start()
    with process:
        said = b"" if process.stdout is None else process.stdout.read(_FEW_BYTES + 1)
        if len(said) > _FEW_BYTES:
            _kill(process)
    late.cancel()
    return "" if process.returncode else said.decode(errors="replace")


def _watch(task: Task, process: subprocess.Popen[bytes], still: str, every: float) -> None:
    started = spoken = looked = time.monotonic()
    while process.poll() is None:
        time.sleep(_LOOK_SECONDS)
        now = time.monotonic()
        if now - spoken >= every:
            say(f"  {still} {now - started:.0f} s")
            spoken = now
        if now - started > task.limit:
            raise Failed(_story(task, f"took more than {task.limit:.0f} s"))
        if task.alive is not None and now - looked >= 1.0:
            looked = now
            if not task.alive():
                raise Failed(_story(task, "did not get anywhere"))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    # The group, because npm and go start children of their own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _story(task: Task, what: str) -> str:
    tail = task.log.read_text(errors="replace").splitlines()[-15:]
    lines = [f"{task.name} {what}. The end of {task.log.relative_to(ROOT)}:"]
    return "\n".join(lines + ["    " + line for line in tail])
