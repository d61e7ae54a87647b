"""The prerequisites: what is found, what is wanted, and the one thing that mends each."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import NamedTuple

from cli.preflight.places import ROOT
from cli.preflight.temporal import FoundTemporal, find_temporal

_PYTHONS = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
_PYTHON_WANTED = (3, 11)
_NODE_WANTED = (20,)
_GO_WANTED = (1, 25)
_DISK_WANTED_GB = 3
# A Python without these cannot make the environment that holds uv.
_PROBE = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])"


class Row(NamedTuple):
    """One line of the table; `good` is False only for what must be mended first."""

    name: str
    found: str
    wanted: str
    good: bool
    fix: str
    path: str = ""


def survey() -> list[Row]:
    """Every prerequisite, in the order of the table."""
    temporal = find_temporal()
    rows = [_python(), _node(), _program("npm", "any", "it comes with Node"), _git(), _disk()]
    rows.append(_temporal(temporal))
    if temporal.path is None:
        rows.append(_go())
    return rows


def version_of(text: str) -> tuple[int, ...] | None:
    """The first dotted number in a text, as numbers."""
    match = re.search(r"(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in match.group(1).split(".")) if match else None


def _python() -> Row:
    seen = "{}.{}.{}".format(*sys.version_info[:3])
    for name in (sys.executable, *_PYTHONS):
        path = shutil.which(name)
        found = _answer([path, "-c", _PROBE]) if path else ""
        version = version_of(found)
        if path and version and version[:2] >= _PYTHON_WANTED:
            return Row("python", found, "3.11 or newer", good=True, fix="", path=path)
    fix = "install Python 3.11 or newer with its venv module (Debian: python3 python3-venv)"
    return Row("python", seen, "3.11 or newer, with venv", good=False, fix=fix)


def _node() -> Row:
    found = _answer(["node", "--version"])
    version = version_of(found)
    good = version is not None and version[:1] >= _NODE_WANTED
    return Row("node", found, "20 or newer", good, "install Node 20 or newer from nodejs.org")


def _git() -> Row:
    return _program("git", "any", "install git with your system's packages")


def _go() -> Row:
    found = _answer(["go", "version"])
    version = version_of(found)
    shown = ".".join(str(part) for part in version) if version else ""
    wanted = "1.25 or newer, or Temporal"
    good = True  # a download is tried first; the installation says what is left to do
    if version is not None and version[:2] < _GO_WANTED:
        shown += " (too old to build Temporal)"
    return Row(
        "go", shown, wanted, good, "install Go, or the Temporal CLI", shutil.which("go") or ""
    )


def _temporal(found: FoundTemporal) -> Row:
    wanted = "server 1.29 or newer"
    if found.path is None:
        return Row(
            "temporal", found.note or "not found: will be installed", wanted, good=True, fix=""
        )
    note = f" ({found.note})" if found.note else ""
    return Row("temporal", found.version + note, wanted, good=True, fix="", path=found.path)


def _disk() -> Row:
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    good = free >= _DISK_WANTED_GB or (ROOT / ".venv").exists()
    wanted = f"{_DISK_WANTED_GB} GB before the first run"
    return Row("disk", f"{free:.0f} GB free", wanted, good, "free some space")


def _program(name: str, wanted: str, fix: str) -> Row:
    found = _answer([name, "--version"])
    version = version_of(found)
    shown = ".".join(str(part) for part in version) if version else found
    return Row(name, shown, wanted, bool(found), fix)


def _answer(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return lines[0].strip() if lines else ""
