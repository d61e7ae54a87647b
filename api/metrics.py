"""Prometheus metrics: what this process measured, and what the store has counted.

Ends of runs and durations of steps are read from the store at scrape, so that restarts,
polls and several processes do not change them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from onebox.models import RunState
from store.counters import Latency

REQUEST_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Steps last from a pin (milliseconds) to a wait (days).
STEP_BOUNDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0, 21600.0, 86400.0, 604800.0)


class Metrics:
    """The histograms of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.plan = self._histogram("plan_latency_seconds", "Time to make a plan.")
        self.simulate = self._histogram("simulate_latency_seconds", "Time to simulate a plan.")

    def _histogram(self, name: str, words: str) -> Histogram:
        return Histogram(name, words, buckets=REQUEST_BOUNDS, registry=self.registry)


@dataclass(frozen=True, eq=False)  # a registry wants what it can hash
class StoredCounts(Collector):
    """One look at the store; `steps` has the bounds STEP_BOUNDS."""

    runs: Mapping[str, int]
    steps: Latency
    mismatches: int

    def collect(self) -> Iterator[Metric]:
        """The metric families of this look."""
        ends = {
            "run_success": (RunState.SUCCEEDED, "Runs that succeeded."),
            "run_fail": (RunState.FAILED, "Runs that failed."),
            "onebox_run_cancelled": (RunState.CANCELLED, "Runs that were cancelled."),
        }
        for name, (state, words) in ends.items():
            yield CounterMetricFamily(name, words, value=self.runs.get(state, 0))
        words = "Runs that moved other tokens than their simulation promised."
        yield CounterMetricFamily("onebox_money_mismatch", words, value=self.mismatches)
        yield self._steps()

    def _steps(self) -> Metric:
        upto, total, count = self.steps.at_most, self.steps.sum, self.steps.number
        buckets = [*zip(map(str, STEP_BOUNDS), upto, strict=True), ("+Inf", count)]
        return HistogramMetricFamily(
            "execute_step_latency_seconds",
            "Time from the start of a step to its end.",
            buckets=buckets,
            sum_value=total,
        )


def exposition(metrics: Metrics, counts: StoredCounts) -> bytes:
    """Both as Prometheus text."""
    stored = CollectorRegistry()
    stored.register(counts)
    return without_created(generate_latest(metrics.registry)) + generate_latest(stored)


def without_created(text: bytes) -> bytes:
    """The text without `_created` series: they would be two metrics where one was asked for."""
    lines = text.splitlines(keepends=True)
    return b"".join(line for line in lines if not _is_created(line))


def _is_created(line: bytes) -> bool:
    words = line.removeprefix(b"# HELP ").removeprefix(b"# TYPE ").split(b" ", 1)
    return words[0].endswith(b"_created")
