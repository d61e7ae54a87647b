"""Parts as processes: none outlives the supervisor, none refuses to end."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.supervisor import stale
from cli.supervisor.one_shot import tail
from cli.supervisor.process import spawn

_NAP = [sys.executable, "-c", "import time; time.sleep(60)"]
_STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
_SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
from cli.supervisor.one_shot import tail
from cli.supervisor.process import spawn
async def main():
    nap = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = await spawn(nap, Path("."), dict(os.environ), Path(sys.argv[1]))
    print(process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def _gone(pid: int) -> bool:
    end = time.monotonic() + 5
    while stale.started_at(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not stale.started_at(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends them")
def test_no_part_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    """Kill -9 of the parent ends the child, though it is in a group of its own."""
    command = [sys.executable, "-c", _SUPERVISOR, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        part = int(supervisor.stdout.readline())
        assert stale.started_at(part)
        supervisor.kill()
    assert _gone(part)


async def test_a_part_is_asked_first(tmp_path: Path) -> None:
    """SIGTERM, and what it says goes to its log."""
    log = tmp_path / "logs" / "part.log"
    command = [sys.executable, "-c", "print('hello', flush=True); import time; time.sleep(60)"]
    process = await spawn(command, tmp_path, dict(os.environ), log)
    await _until_said(log, "hello")
    await process.stop(patience=5)
    assert await process.wait() == "killed by SIGTERM"


async def test_a_deaf_part_is_ended(tmp_path: Path) -> None:
    """After the patience its whole group is killed."""
    log = tmp_path / "part.log"
    process = await spawn([sys.executable, "-c", _STUBBORN], tmp_path, dict(os.environ), log)
    await _until_said(log, "deaf")
    await process.stop(patience=0.2)
    assert await process.wait() == "killed by SIGKILL"


async def _until_said(log: Path, text: str) -> None:
    for _ in range(200):
        if text in tail(log):
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"{text!r} was never said")


def test_what_was_left_over_is_ended(tmp_path: Path) -> None:
    """A remembered process that still runs is ended at the next start, and named."""
    with subprocess.Popen(_NAP, start_new_session=True) as left:
        stale.remember(tmp_path / "p.json", {"ics": left.pid})
        assert stale.end_stale(tmp_path / "p.json") == ["ics"]
        assert left.wait() == -9
    assert stale.end_stale(tmp_path / "p.json") == []


def test_another_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    """A process id alone proves nothing: the time of the start must be the same."""
    path = tmp_path / "p.json"
    with subprocess.Popen(_NAP, start_new_session=True) as other:
        path.write_text(f'{{"ics": {{"pid": {other.pid}, "started": "Mon Jan  1 00:00:00 2024"}}}}')
        assert stale.end_stale(path) == []
        assert other.poll() is None
        other.kill()
