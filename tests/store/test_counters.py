"""Counters are read from stored ends."""

import pytest

from onebox.models import Role, RunState, StepState
from store import audit, counters, runs, steps
from store.database import Database
from store.tables import AuditRow
from tests.store.made import NOW, admitted


async def test_runs_are_counted_by_state(db: Database) -> None:
    """Each run once, whatever its history."""
    first = await admitted(db, nonce="a")
    await admitted(db, nonce="b")
    async with db.write() as s:
        for _ in range(2):
            await runs.finish(
                s, first, state=RunState.SUCCEEDED, failed_step=None, error=None, now=NOW
            )
        assert await counters.run_counts(s) == {"pending": 1, "succeeded": 1}


async def test_latency_counts_completed_and_failed_steps(db: Database) -> None:
    """Cumulative per bound, a bound included; skipped and running steps do not count."""
    run_id = await admitted(db, {"a": 0, "b": 0, "c": 0, "d": 0})
    ends = {"a": (1.0, StepState.COMPLETED), "b": (5.0, StepState.FAILED)}
    async with db.write() as s:
        for step_id in "abc":
            await steps.begin(s, run_id, step_id, 0, NOW)
        for step_id, (seconds, state) in ends.items():
            await steps.settle(
                s,
                run_id,
                step_id,
                0,
                state=state,
                outputs=None,
                receipt=None,
                error=None,
                now=NOW + seconds,
            )
        found = await counters.step_latency(s, [0.5, 1.0, 10.0])
    assert (found.at_most, found.number) == ([0, 1, 2], 2)
    assert found.sum == pytest.approx(6.0)


async def test_a_clock_that_was_set_back_takes_nothing_off_a_sum(db: Database) -> None:
    """The step counts, in the lowest bucket, with no time."""
    run_id = await admitted(db, {"a": 0})
    async with db.write() as s:
        await steps.begin(s, run_id, "a", 0, NOW)
        await steps.settle(
            s,
            run_id,
            "a",
            0,
            state=StepState.COMPLETED,
            outputs=None,
            receipt=None,
            error=None,
            now=NOW - 3600,
        )
        assert await counters.step_latency(s, [0.5, 1.0]) == ([1, 1], 0.0, 1)


async def test_latency_of_nothing_is_zero(db: Database) -> None:
    """An empty store has an empty histogram."""
    async with db.read() as s:
        assert await counters.run_counts(s) == {}
        assert await counters.step_latency(s, [1.0]) == ([0], 0.0, 0)


async def test_a_deed_is_recorded_with_it(db: Database) -> None:
    """The audit row carries who, what and when."""
    async with db.write() as s:
        await audit.record(
            s, tenant="a", actor="u", role=Role.VIEWER, event="e", fields={"k": 1}, at=NOW
        )
    async with db.read() as s:
        row = await s.get_one(AuditRow, 1)
    assert (row.tenant, row.actor, row.role, row.event, row.fields, row.at) == (
        "a",
        "u",
        "viewer",
        "e",
        {"k": 1},
        NOW,
    )
