"""`python -m bench [--quick]`: what OneBox adds to bare Temporal, measured here and now."""

import argparse
import asyncio
import sys
from dataclasses import dataclass

from bench.copying import measure_copies
from bench.lifecycle import measure_lifecycles
from bench.machine import facts
from bench.planning import measure_planning
from bench.progress import Progress
from bench.report import Report
from bench.rounds import FULL, QUICK, Bout, Compared, compare
from bench.routes import measure_routes
from bench.stage import FOLDER, Stage, stage
from cli.supervisor.crew import StackFailed
from cli.supervisor.temporal_server import TemporalMissing


@dataclass(frozen=True)
class Extent:
    """How much is measured: bouts, seconds a route, repeats of the sentences, jobs, copies.

    `seconds` is what the whole should take: on a slow machine rounds are left out.
    """

    seconds: float
    bouts: tuple[Bout, ...]
    route_seconds: float
    repeats: int
    lives: int
    copies: int


# A turn that begins before the end of its share ends after it.
_EARLY = 0.9

_FULL = Extent(420.0, FULL, route_seconds=5.0, repeats=10, lives=3, copies=3)
_QUICK = Extent(75.0, QUICK, route_seconds=1.5, repeats=2, lives=1, copies=1)


async def _measured(extent: Extent, progress: Progress) -> Report:
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine = facts(FOLDER)
    progress.say("the planner alone")
    planning = measure_planning(extent.repeats)
    copied = await measure_copies(FOLDER, extent.copies, progress)
    progress.say("starting chain, ICS, Temporal, API and worker")
    async with progress.alive(), stage() as on:
        routes = await measure_routes(on, extent.route_seconds, progress)
        lives = await measure_lifecycles(on, extent.lives, progress)
        compared = await _compared(on, extent, progress)
    return Report(machine, round(progress.seconds), compared, routes, planning, lives, copied)


async def _compared(on: Stage, extent: Extent, progress: Progress) -> list[Compared]:
    """Each bout gets its share of the time that is left."""
    meter, sides, began = on.meter, (on.ours, on.bare), progress.seconds
    share = max(extent.seconds - began, 0.0) / len(extent.bouts)
    return [
        await compare(bout, sides, meter, progress, until=began + share * (number + 1) * _EARLY)
        for number, bout in enumerate(extent.bouts)
    ]


def main() -> int:
    """Measure, write var/bench/report.json, show the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, for trying; few repeats")
    extent = _QUICK if parser.parse_args().quick else _FULL
    try:
        report = asyncio.run(_measured(extent, Progress()))
    except (StackFailed, TemporalMissing) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    path = FOLDER / "report.json"
    report.write(path)
    report.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
