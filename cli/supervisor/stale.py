"""Parts that outlived a killed supervisor: found by process id and start time, then ended.

On Linux the kernel ends them (leash.py); elsewhere the next start does it here.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from cli.supervisor.files import write_atomically

_PATIENCE_SECONDS = 5.0


def remember(path: Path, pids: dict[str, int]) -> None:
    """Write down which processes are ours; a process id alone may be another's tomorrow."""
    started = {name: {"pid": pid, "started": started_at(pid)} for name, pid in pids.items()}
    write_atomically(path, json.dumps(started, indent=2) + "\n")


def end_stale(path: Path) -> list[str]:
    """End what is left of the last start; the names of the parts."""
    ours = [(name, pid) for name, pid, at in _remembered(path) if at and started_at(pid) == at]
    for _, pid in ours:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    _wait_until_gone([pid for _, pid in ours])
    path.unlink(missing_ok=True)
    return [name for name, _ in ours]


def started_at(pid: int) -> str:
    """When the process began, as `ps` says; empty when it runs no more."""
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    state, _, began = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else began.strip()


def _remembered(path: Path) -> list[tuple[str, int, str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [(name, int(one["pid"]), str(one["started"])) for name, one in found.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _wait_until_gone(pids: list[int]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while any(started_at(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
