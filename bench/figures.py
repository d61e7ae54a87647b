"""What a measurement found: durations become percentiles, each with its n."""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One row of a table.

    Times in milliseconds; `a_second` is how many finished per second of wall clock;
    `cpu_ms` is CPU per run by process, empty where it was not measured.
    """

    n: int
    in_flight: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    a_second: float
    cpu_ms: dict[str, float] = field(default_factory=dict)


@dataclass
class Sample:
    """Durations (seconds) of single runs, the wall clock over all, and CPU seconds by process."""

    in_flight: int = 1
    took: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    def add(self, other: "Sample") -> None:
        """Take in another round of the same."""
        self.took += other.took
        self.wall += other.wall
        for name, seconds in other.cpu.items():
            self.cpu[name] = self.cpu.get(name, 0.0) + seconds

    def figure(self) -> Figure:
        """The row."""
        count = len(self.took)
        return Figure(
            n=count,
            in_flight=self.in_flight,
            p50_ms=_ms(percentile(self.took, 0.50)),
            p95_ms=_ms(percentile(self.took, 0.95)),
            p99_ms=_ms(percentile(self.took, 0.99)),
            a_second=round(count / self.wall, 1),
            cpu_ms={name: _ms(seconds / count) for name, seconds in self.cpu.items()},
        )


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile: a value that was really seen."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def ratio(ours: float, bare: float) -> float:
    """How many times the bare one's."""
    return round(ours / bare, 2)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3 if seconds < 0.01 else 1)  # noqa: PLR2004  below it digits count
