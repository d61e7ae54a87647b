"""Alternating rounds of both sides: the same work, the same server, the same minute."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.cpu import Meter
from bench.figures import Figure, Sample, ratio
from bench.progress import Progress
from bench.sides import Run, Side
from bench.work import FAN, SIX, SIXTY, Shape


@dataclass(frozen=True)
class Bout:
    """Rounds of `runs` runs of one shape on each side, so many at once.

    A round that lasts longer than `limit` seconds starts no more runs.
    """

    shape: Shape
    in_flight: int
    rounds: int
    runs: int
    limit: float = 8.0

    @property
    def name(self) -> str:
        """As the tables have it."""
        return f"{self.shape.name}, {self.in_flight} in flight"


FULL = (
    Bout(SIX, 1, rounds=3, runs=30),
    Bout(SIX, 8, rounds=3, runs=48),
    Bout(SIX, 32, rounds=3, runs=64),
    Bout(SIXTY, 1, rounds=3, runs=5),
    Bout(SIXTY, 8, rounds=1, runs=16),
    Bout(SIXTY, 32, rounds=1, runs=32),
    Bout(FAN, 1, rounds=3, runs=8),
    Bout(FAN, 8, rounds=1, runs=16),
    Bout(FAN, 32, rounds=1, runs=32),
)
QUICK = (
    Bout(SIX, 1, rounds=2, runs=10, limit=5.0),
    Bout(SIX, 8, rounds=1, runs=24, limit=5.0),
    Bout(SIX, 32, rounds=1, runs=32, limit=5.0),
    Bout(SIXTY, 1, rounds=1, runs=2, limit=5.0),
    Bout(FAN, 1, rounds=1, runs=4, limit=5.0),
)


@dataclass(frozen=True)
class Compared:
    """What one bout found on each side, ours first."""

    name: str
    ours: Figure
    bare: Figure

    @property
    def latency(self) -> float:
        """OneBox's p50 over bare Temporal's."""
        return ratio(self.ours.p50_ms, self.bare.p50_ms)

    @property
    def cpu(self) -> float:
        """OneBox's CPU per run over bare Temporal's, all processes together."""
        return ratio(sum(self.ours.cpu_ms.values()), sum(self.bare.cpu_ms.values()))


async def compare(
    bout: Bout, sides: Sequence[Side], meter: Meter, progress: Progress, until: float
) -> Compared:
    """Warm both up with two runs, then take turns; no new turn after `until` (progress seconds)."""
    found = {side.name: Sample(bout.in_flight) for side in sides}
    for side in sides:
        await _round(side, Bout(bout.shape, 2, 1, 2), meter)
    for number in range(bout.rounds):
        if number and progress.seconds > until:
            break
        for side in sides:
            sample = await _round(side, bout, meter)
            found[side.name].add(sample)
            rate = len(sample.took) / sample.wall
            progress.say(
                f"{bout.name}, round {number + 1} of {bout.rounds}, {side.name}:"
                f" p50 {sample.figure().p50_ms:.0f} ms, {rate:.1f} runs/s"
            )
    ours, bare = (found[side.name].figure() for side in sides)
    return Compared(bout.name, ours, bare)


async def _round(side: Side, bout: Bout, meter: Meter) -> Sample:
    ready = [await side.prepare(bout.shape) for _ in range(bout.runs)]
    sample = Sample(bout.in_flight)
    with side.as_served():
        before, began = meter.read(), time.perf_counter()
        left = iter(ready)
        until = began + bout.limit
        await asyncio.gather(*(_client(left, until, sample) for _ in range(bout.in_flight)))
        sample.wall, sample.cpu = time.perf_counter() - began, meter.since(before)
    return sample


async def _client(left: Iterator[Run], until: float, sample: Sample) -> None:
    """One of those that run at once: its next run starts when its last one has ended."""
    for run in left:
        began = time.perf_counter()
        if began > until and sample.took:
            return
        await run()
        sample.took.append(time.perf_counter() - began)
