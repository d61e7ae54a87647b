"""One supervisor a folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.supervisor.lock import AlreadyServed, held

_HOLD = """
import sys, time
from pathlib import Path
from cli.supervisor.lock import held
with held(Path(sys.argv[1]), "var/x"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_one_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    """The refusal names the folder and the process."""
    path = tmp_path / "lock"
    with (
        held(path, "var/x"),
        pytest.raises(AlreadyServed, match=rf"var/x is served by process {os.getpid()}"),
        held(path, "var/x"),
    ):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    """Also after an error inside."""
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), held(path, "x"):
        _ = 1 // 0
    with held(path, "x"):
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    """Kill -9 leaves a file, not a lock."""
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyServed, match=f"process {holder.pid}"), held(path, "var/x"):
            pass
        holder.kill()
    with held(path, "var/x"):
        assert path.read_text() == f"{os.getpid()}\n"
