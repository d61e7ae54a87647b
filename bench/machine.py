"""What the figures were taken on."""

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from bench.figures import percentile
from cli.supervisor.temporal_server import binary

_SYNCS = 50
_BLOCK = b"0" * 4096

Facts = dict[str, str | int | float]


def facts(folder: Path) -> Facts:
    """Cores, versions, load, and how long the folder's disk takes to make a block durable."""
    return {
        "cores": os.cpu_count() or 0,
        "load before": round(os.getloadavg()[0], 2),
        "fsync p50 ms": round(_sync_seconds(folder) * 1000, 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "temporalio": version("temporalio"),
        "temporal server": _said(str(binary()), "--version"),
        "node": _said("node", "--version"),
        "store": "SQLite, WAL, synchronous=FULL",
    }


def _said(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return done.stdout.strip()


def _sync_seconds(folder: Path) -> float:
    took = []
    path = folder / "sync"
    with path.open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            file.write(_BLOCK)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return percentile(took, 0.5)
