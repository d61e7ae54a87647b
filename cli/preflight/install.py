"""Our own installations, each only when what it is made from has changed."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cli.preflight.checks import Row
from cli.preflight.lines import say
from cli.preflight.places import ICS, ROOT, STAMPS, TOOLS, UV, VENV_PYTHON
from cli.preflight.running import Task, run
from cli.preflight.temporal import ensure_temporal

UV_VERSION = "0.13.8"


class Installation(NamedTuple):
    """`made_from` are the files whose change makes it again, `proof` what it leaves behind."""

    name: str
    commands: list[list[str]]
    cwd: Path
    made_from: list[Path]
    proof: Path
    before: Callable[[], None] = lambda: None


def install_all(found: list[Row]) -> None:
    """Install what is missing or out of date.

    Raises:
        Failed: an installation failed; the text holds the end of its log.
    """
    started = time.monotonic()
    python = next(row.path for row in found if row.name == "python")
    made = [one.name for one in _installations(python) if install(one)]
    ensure_temporal()
    if made:
        say(f"  everything installed in {time.monotonic() - started:.0f} s")
    else:
        say("  everything is installed")


def _installations(python: str) -> list[Installation]:
    locks = [ROOT / "uv.lock", ROOT / "pyproject.toml"]
    packages = [ICS / "package-lock.json", ICS / "package.json"]
    sources = [*sorted((ICS / "contracts").glob("*.sol")), ICS / "src" / "chain" / "compile.ts"]
    return [
        Installation("uv " + UV_VERSION, _uv(python), ROOT, [], UV, _without_uv),
        Installation("Python packages", _sync(python), ROOT, locks, VENV_PYTHON),
        Installation("Node packages", [_NPM_CI], ICS, packages, ICS / "node_modules"),
        Installation("contracts", [_COMPILE], ICS, sources + packages, ICS / "artifacts"),
    ]


_NPM_CI = ["npm", "ci", "--no-audit", "--no-fund"]
_COMPILE = ["npm", "run", "--silent", "compile"]


def _uv(python: str) -> list[list[str]]:
    home = UV.parent.parent
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    return [[python, "-m", "venv", str(home)], [*pip, "uv==" + UV_VERSION]]


def _sync(python: str) -> list[list[str]]:
    return [[str(UV), "sync", "--locked", "--compile-bytecode", "--python", python]]


def _without_uv() -> None:
    # A half-made environment, or one of a Python that is gone, would be mended by nothing.
    shutil.rmtree(str(UV.parent.parent), ignore_errors=True)


def install(one: Installation, stamps: Path = STAMPS) -> bool:
    """Do it unless it was done from the same files; whether it was done now.

    Raises:
        Failed: a command failed; the next run tries again.
    """
    stamp = stamps / one.name.replace(" ", "-")
    digest = _digest(one)
    if one.proof.exists() and stamp.exists() and stamp.read_text() == digest:
        return False
    one.before()
    say(f"  installing {one.name}")
    seconds = sum(run(Task(one.name, command, cwd=one.cwd)) for command in one.commands)
    stamps.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    say(f"  {one.name} installed in {seconds:.0f} s")
    return True


def _digest(one: Installation) -> str:
    # Paths left out: another python3 on PATH is no reason to install everything again.
    words = [word for command in one.commands for word in command if "/" not in word]
    digest = hashlib.sha256(repr((one.name, TOOLS, words)).encode())
    for path in one.made_from:
        digest.update(path.read_bytes())
    return digest.hexdigest()
