"""The preflight: it runs before anything of ours is there, and says what it does."""

import ast
import os
import sys
import time
from pathlib import Path

import pytest

from cli.preflight.checks import Row, survey
from cli.preflight.install import Installation, install
from cli.preflight.places import ROOT
from cli.preflight.running import Failed, Task, run
from cli.preflight.table import render
from cli.preflight.temporal import find_temporal, server_version

FILES = sorted((ROOT / "cli" / "preflight").glob("*.py"))


def _cli(folder: Path, name: str, says: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_old_python_can_read_it(path: Path) -> None:
    """Python 3.8 parses every file, so that it can say that 3.11 is wanted."""
    ast.parse(path.read_text(), feature_version=(3, 8))


def test_a_bad_prerequisite_is_shown_with_its_fix() -> None:
    """The table names what is found, what is wanted and the one fix."""
    rows = [
        Row("node", "v18.1.0", "20 or newer", good=False, fix="install Node 20"),
        Row("npm", "10.2.0", "any", good=True, fix=""),
    ]
    lines = render(rows).splitlines()
    assert lines[2].split() == [
        "node",
        "v18.1.0",
        "20",
        "or",
        "newer",
        "FIX:",
        "install",
        "Node",
        "20",
    ]
    assert lines[3].split() == ["npm", "10.2.0", "any", "ok"]


def test_this_machine_passes() -> None:
    """Where the tests run, every prerequisite is there and its version is shown."""
    rows = {row.name: row for row in survey()}
    assert all(row.good for row in rows.values())
    assert rows["python"].path


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)", (1, 29, 1)),
        ("temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)", (1, 31, 2)),
        ("some other program 9.9", None),
    ],
)
def test_the_server_version_is_read(said: str, version: tuple[int, ...] | None) -> None:
    """The server's version counts, not that of the command line tool."""
    assert server_version(said) == version


def test_an_old_temporal_is_passed_over_with_a_sentence(tmp_path: Path) -> None:
    """The first that is new enough is taken; why the others were not is said."""
    old = _cli(tmp_path, "old", "temporal version 0.11 (Server 1.22.4, UI 2.0.0)")
    new = _cli(tmp_path, "new", "temporal version 1.6 (Server 1.30.0, UI 2.45.0)")
    found = find_temporal([str(tmp_path / "absent"), old, new])
    assert found.path == new
    assert "has server 1.22.4: too old" in found.note
    assert "absent does not run" in found.note


_GOOD = "echo 'temporal version 1.6 (Server 1.30.0, UI 2.45.0)'"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"{_GOOD}; exit 3", id="ends badly"),
        pytest.param(f"{_GOOD}; sleep 60 & wait", id="hangs after the answer"),
        pytest.param("sleep 60 & sleep 60", id="hangs, as does its child"),
        pytest.param(f"{_GOOD}; exec yes", id="never stops to talk"),
        pytest.param("head -c 300 /dev/urandom", id="prints garbage"),
        pytest.param("read answer && echo 'Server 1.30.0'", id="asks back"),
    ],
)
def test_what_is_no_temporal_is_passed_over(tmp_path: Path, script: str) -> None:
    """Soon, with a sentence, and nothing of it is left running."""
    path = tmp_path / "temporal"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    began = time.monotonic()
    found = find_temporal([str(path)], patience=0.5)
    assert time.monotonic() - began < 5
    assert found.path is None
    assert found.note.startswith(str(path))


def test_a_long_command_gives_signs_of_life(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line with the seconds so far comes again and again until the end."""
    task = Task("naps", [sys.executable, "-c", "import time; time.sleep(1)"], logs=tmp_path)
    assert run(task, every=0.3) >= 1
    assert capsys.readouterr().out.count("still installing naps ...") >= 2


def test_a_failing_command_shows_the_end_of_its_log() -> None:
    """The failure names the log and repeats what the command said last."""
    command = [sys.executable, "-c", "print('no such mirror'); raise SystemExit(3)"]
    with pytest.raises(Failed, match=r"(?s)ended with code 3.*no such mirror"):
        run(Task("test of failure", command))


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """Its whole process group goes, and the failure says how long it was waited for."""
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(Failed, match="took more than 1 s"):
        run(Task("test of limit", [sys.executable, "-c", code], limit=1.0))
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_an_installation_is_done_once(tmp_path: Path) -> None:
    """Again only when a file that it is made from has changed, or its result is gone."""
    lock, result = tmp_path / "lock", tmp_path / "result"
    lock.write_text("one")
    command = [sys.executable, "-c", f"open({str(result)!r}, 'a').write('x')"]
    one = Installation("test installation", [command], tmp_path, [lock], result)
    assert install(one, tmp_path / "stamps")
    assert not install(one, tmp_path / "stamps")
    lock.write_text("two")
    assert install(one, tmp_path / "stamps")
    result.unlink()
    assert install(one, tmp_path / "stamps")


def test_a_failed_installation_is_tried_again(tmp_path: Path) -> None:
    """No stamp is left, so that the next run does not believe it was done."""
    command = [sys.executable, "-c", "raise SystemExit(1)"]
    one = Installation("test failing", [command], tmp_path, [], tmp_path)
    for _ in range(2):
        with pytest.raises(Failed):
            install(one, tmp_path / "stamps")
