"""The figures as tables for people and as JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.copying import Copied
from bench.figures import Figure
from bench.handler import LINES
from bench.lifecycle import Lifecycle
from bench.machine import Facts
from bench.planning import Planning
from bench.rounds import Compared
from cli.supervisor.files import write_atomically

_PLAIN_WIDTH = 110
NOTES = (
    "OneBox: from admission (one transaction) to the workflow's result; the plan is stored before.",
    "Bare Temporal: one activity a step posts to the same ICS and drains the stream; it stores",
    "nothing, logs nothing and never asks for the outcome. All levels of a fan-out at once;",
    "OneBox keeps at most 16 steps of a run in flight. Ratio: OneBox / bare Temporal.",
)


@dataclass(frozen=True)
class Report:
    """Everything that was found."""

    machine: Facts
    seconds: float
    compared: Sequence[Compared]
    routes: dict[str, Figure]
    planning: Planning
    lives: Sequence[Lifecycle]
    copied: dict[str, Copied]

    def write(self, path: Path) -> None:
        """The JSON file."""
        found: dict[str, Any] = asdict(self)
        for row, compared in zip(found["compared"], self.compared, strict=True):
            row["ratio"] = {"p50": compared.latency, "cpu": compared.cpu}
        found["notes"] = " ".join(NOTES)
        write_atomically(path, json.dumps(found, indent=2) + "\n")

    def show(self) -> None:
        """The tables."""
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _PLAIN_WIDTH
        for table in (self._runs(), self._cpu(), self._routes(), self._lives(), self._copied()):
            console.print(table)
        for line in (*NOTES, *(f"{name}: {value}" for name, value in self.machine.items())):
            console.print(line, markup=False)

    def _runs(self) -> Table:
        table = _table("Runs of screening steps", "p50 ms", "p95 ms", "runs/s", "n", "ratio p50")
        for found in self.compared:
            for side, figure in (("OneBox", found.ours), ("bare", found.bare)):
                last = f"{found.latency:.2f}" if side == "OneBox" else ""
                table.add_row(f"{found.name}, {side}", *_numbers(figure), last)
        return table

    def _cpu(self) -> Table:
        table = _table("CPU ms per run", "client+worker", "Temporal", "ICS", "all", "ratio")
        for found in self.compared:
            for side, figure in (("OneBox", found.ours), ("bare", found.bare)):
                parts = [
                    figure.cpu_ms.get(name) for name in ("client and worker", "Temporal", "ICS")
                ]
                known = [part for part in parts if part is not None]
                last = f"{found.cpu:.2f}" if side == "OneBox" else ""
                cells = ["-" if part is None else f"{part:.0f}" for part in parts]
                table.add_row(f"{found.name}, {side}", *cells, f"{sum(known):.0f}", last)
        return table

    def _routes(self) -> Table:
        table = _table("Alone, one at a time", "p50 ms", "p95 ms", "a second", "n", "p99 ms")
        planner = f"planner, {self.planning.sentences} sentences, in process"
        for name, figure in {**self.routes, planner: self.planning.figure}.items():
            table.add_row(name, *_numbers(figure), f"{figure.p99_ms:.2f}")
        return table

    def _lives(self) -> Table:
        table = _table("A job, from its sentence to its payout", "seconds", "without the window")
        for number, life in enumerate(self.lives, 1):
            table.add_row(f"job {number}", f"{life.seconds:.1f}", f"{life.without_window:.1f}")
        return table

    def _copied(self) -> Table:
        table = _table(f"{LINES:,} lines to the reader", "lines/s", "worst ms", "memory MB")
        for side, copy in self.copied.items():
            table.add_row(
                side, f"{copy.a_second:,}", f"{copy.worst_ms:.0f}", f"{copy.grown_mb:.1f}"
            )
        return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _numbers(figure: Figure) -> list[str]:
    digits = 2 if figure.p50_ms < 10 else 0  # noqa: PLR2004  below it digits count
    times = [f"{value:.{digits}f}" for value in (figure.p50_ms, figure.p95_ms)]
    return [*times, f"{figure.a_second:.1f}", str(figure.n)]
