"""100,000 lines (10 MB) from handler to store to reader, beside a bare loop that does the same.

`python -m bench.copying ours|bare URL FOLDER` is one copy in a process of its own, so that its
memory is its own.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import copy_bare, copy_ours
from bench.apart import served
from bench.handler import LINES
from bench.progress import Progress
from bench.stage import free_ports
from onebox.logs import set_up_logs

SIDES = {"ours": copy_ours.copy, "bare": copy_bare.copy}
# The kernel counts kilobytes, that of macOS bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Copied:
    """One copy: lines a second, the worst line's delay in ms, the growth of memory in MB."""

    a_second: int
    worst_ms: float
    grown_mb: float


async def measure_copies(folder: Path, rounds: int, progress: Progress) -> dict[str, Copied]:
    """The fastest of so many turns of each side."""
    best: dict[str, Copied] = {}
    (port,) = free_ports(1)
    async with served("bench.handler", port) as url:
        for _ in range(rounds):
            for side in SIDES:
                found = await _apart(side, url, folder)
                progress.say(f"{LINES} lines, {side}: {found.a_second} lines/s")
                if side not in best or found.a_second > best[side].a_second:
                    best[side] = found
    return best


async def _apart(side: str, url: str, folder: Path) -> Copied:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        words = (sys.executable, "-m", "bench.copying", side, url, own)
        process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the copy of {side} ended with {process.returncode}")
    return Copied(**json.loads(said))


async def _copied(side: str, url: str, folder: Path) -> Copied:
    count, worst = 0, 0.0

    def heard(delay: float) -> None:
        nonlocal count, worst
        count, worst = count + 1, max(worst, delay)

    before, began = _peak(), time.perf_counter()
    await SIDES[side](url, folder, heard)
    seconds = time.perf_counter() - began
    if count != LINES:
        raise RuntimeError(f"{side} read {count} of {LINES} lines")
    return Copied(round(LINES / seconds), round(worst * 1000, 1), round(_peak() - before, 1))


def _peak() -> float:
    """The most memory that this process had so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1_000_000


def main(side: str, url: str, folder: str) -> None:
    """One copy; its figures as JSON on standard output, which logs must leave alone."""
    set_up_logs("warning", sys.stderr)
    print(json.dumps(asdict(asyncio.run(_copied(side, url, Path(folder))))))


if __name__ == "__main__":
    main(*sys.argv[1:])
