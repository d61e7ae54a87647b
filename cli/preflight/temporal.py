"""The Temporal server: find one that is new enough, else fetch it, else build it."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from typing import NamedTuple

from cli.preflight.lines import say
from cli.preflight.places import (
    BUILT_TEMPORAL,
    FETCHED_TEMPORAL,
    ROOT,
    TEMPORAL_PATH,
    VENV_PYTHON,
)
from cli.preflight.running import Failed, Task, answer_of, run

WANTED = (1, 29)
# The newest that `go install` takes: later ones carry a replace directive.
CLI_VERSION = "v1.5.1"
MODULE = "github.com/temporalio/cli/cmd/temporal@" + CLI_VERSION
_ASKED_SECONDS = 9.0  # a person is waiting
_PATIENCE_SECONDS = 20.0
_FIX = (
    "No Temporal server. Install the Temporal CLI (docs.temporal.io/cli) or Go 1.25,\n"
    "or set TEMPORAL_CLI to the path of a `temporal` with server 1.29 or newer."
)


class FoundTemporal(NamedTuple):
    """`path` is None when none serves; `note` says what was passed over, and why."""

    path: str | None
    version: str
    note: str


def find_temporal(
    paths: list[str] | None = None, patience: float = _ASKED_SECONDS
) -> FoundTemporal:
    """The first that is new enough: the one named, on PATH, fetched or built before.

    Each may take so many seconds of `patience` to say its version.
    """
    notes: list[str] = []
    for path in _candidates() if paths is None else paths:
        said = answer_of([path, "--version"], patience)
        version = server_version(said)
        if version is not None and version >= WANTED:
            shown = ".".join(str(part) for part in version)
            return FoundTemporal(path, "server " + shown, "; ".join(notes))
        notes.append(_refusal(path, said, version))
    return FoundTemporal(None, "", "; ".join(notes))


def ensure_temporal() -> None:
    """Record the path of a server, after fetching or building one where none is.

    Raises:
        Failed: neither worked; the text says what to do.
    """
    found = find_temporal()
    if found.path is None:
        found = _fetched() or _built()
    TEMPORAL_PATH.parent.mkdir(parents=True, exist_ok=True)
    TEMPORAL_PATH.write_text((found.path or "") + "\n", encoding="utf-8")


def server_version(text: str) -> tuple[int, ...] | None:
    """The server's version in what `temporal --version` prints; None where it says none."""
    match = re.search(r"[Ss]erver (\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(part) for part in match.groups()) if match else None


def _candidates() -> list[str]:
    named = os.environ.get("TEMPORAL_CLI")
    fetched = sorted(FETCHED_TEMPORAL.glob("temporal*")) if FETCHED_TEMPORAL.is_dir() else []
    paths = [named, shutil.which("temporal"), str(BUILT_TEMPORAL)] + [str(p) for p in fetched]
    whole = [path for path in paths if path and not path.endswith(".downloading")]
    return [path for path in whole if path == named or os.access(path, os.X_OK)]


def _refusal(path: str, said: str, version: tuple[int, ...] | None) -> str:
    if version is None:
        return f"{path} is no Temporal CLI" if said else f"{path} does not run"
    shown = ".".join(str(part) for part in version)
    return f"{path} has server {shown}: too old, skipped"


def _fetched() -> FoundTemporal | None:
    say("  Temporal server: trying the SDK's own download")
    command = [str(VENV_PYTHON), "-m", "cli.preflight.fetch_temporal", str(FETCHED_TEMPORAL)]
    FETCHED_TEMPORAL.mkdir(parents=True, exist_ok=True)
    task = Task("Temporal download", [*command, CLI_VERSION], limit=600.0, alive=_growing())
    try:
        seconds = run(task, verb="trying the")
    except Failed:
        say("  Temporal server: no download from here")
        return None
    found = find_temporal()
    if found.path is not None:
        say(f"  Temporal server: downloaded in {seconds:.0f} s")
    return found if found.path is not None else None


def _growing() -> Callable[[], bool]:
    """Whether bytes still arrive: a slow network may take its time, a dead one may not."""
    last = {"bytes": 0, "at": time.monotonic()}

    def alive() -> bool:
        size = sum(path.stat().st_size for path in FETCHED_TEMPORAL.glob("*"))
        if size > last["bytes"]:
            last.update(bytes=size, at=time.monotonic())
        return time.monotonic() - last["at"] < _PATIENCE_SECONDS

    return alive


def _built() -> FoundTemporal:
    go = shutil.which("go")
    if go is None:
        raise Failed(_FIX)
    say("  Temporal server: building it with go, once; about 5 minutes on 2 cores")
    env = {"GOBIN": str(BUILT_TEMPORAL.parent)}
    task = Task("Temporal server", [go, "install", MODULE], cwd=ROOT, extra_env=env, limit=1800.0)
    try:
        seconds = run(task, verb="building the")
    except Failed as failure:
        raise Failed(f"{failure}\n{_FIX}") from failure
    say(f"  Temporal server: built in {seconds:.0f} s")
    return FoundTemporal(str(BUILT_TEMPORAL), "", "")
