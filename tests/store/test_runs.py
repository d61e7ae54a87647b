"""A run starts once and ends once."""

import asyncio

import pytest

from onebox.errors import RunNotFound
from onebox.models import RunState, StepError, StepState
from store import decisions, runs, steps, waits
from store.budgets import DayBudget
from store.database import Database
from store.movements import AlreadyClaimed, Buckets
from tests.store.made import (
    NOW,
    TENANT,
    admitted,
    ask,
    begin,
    claim,
    day_and_buckets,
    run_row,
    settle,
    step_row,
)


async def finish(db: Database, run_id: str, state: RunState = RunState.FAILED) -> bool:
    """End a run because of post_job."""
    async with db.write() as s:
        return await runs.finish(
            s,
            run_id,
            state=state,
            failed_step="post_job",
            error=StepError(code="FENCED", message="late"),
            now=NOW + 9,
        )


async def test_a_foreign_run_is_not_found(db: Database) -> None:
    """Another tenant's run is as absent as one that never was; the engine sees all."""
    run_id = await admitted(db)
    async with db.read() as s:
        assert (await runs.load(s, run_id, TENANT)).run_id == run_id
        assert (await runs.load(s, run_id, None)).run_id == run_id
        with pytest.raises(RunNotFound):
            await runs.load(s, run_id, "other")
        with pytest.raises(RunNotFound):
            await runs.load(s, "run_none", None)


async def test_the_outbox_empties_when_the_workflow_has_started(db: Database) -> None:
    """A run is unstarted from its grace time on until it is marked, once."""
    run_id = await admitted(db)
    async with db.write() as s:
        assert await runs.unstarted(s, NOW + 4, 5) == []
        assert [row.run_id for row in await runs.unstarted(s, NOW + 5, 5)] == [run_id]
        # The clock was set back: it cannot be in the middle of its start for hours.
        assert [row.run_id for row in await runs.unstarted(s, NOW - 3600, 5)] == [run_id]
        assert await runs.mark_workflow_started(s, run_id, NOW + 1)
        assert not await runs.mark_workflow_started(s, run_id, NOW + 2)
        assert await runs.unstarted(s, NOW + 5, 5) == []
    assert (await run_row(db, run_id)).workflow_started_at == NOW + 1


async def test_finish_ends_everything_that_was_open(db: Database) -> None:
    """Holds go back, steps are skipped, waits end, questions expire unheard by nobody."""
    run_id = await admitted(db, {"post_job": 50, "other": 3})
    await begin(db, run_id)
    question = await ask(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", "an answer", NOW, None)
    assert await finish(db, run_id)
    assert await day_and_buckets(db) == (DayBudget(0, 0), Buckets(released=53))
    run = await run_row(db, run_id)
    assert (run.state, run.completed_at, run.failed_step) == ("failed", NOW + 9, "post_job")
    assert run.error == {"code": "FENCED", "message": "late", "fix": None}
    async with db.read() as s:
        assert {row.state for row in await steps.of_run(s, run_id)} == {"skipped"}
        assert await waits.of_run(s, run_id) == []
        row = await decisions.load(s, question, TENANT)
        assert (row.state, row.heard) == ("expired", True)
        assert await runs.open_runs(s) == []
        assert await runs.unstarted(s, NOW + 5, 5) == []


async def test_the_first_end_stands(db: Database) -> None:
    """A second end, the same or another, changes nothing and releases nothing."""
    run_id = await admitted(db, {"post_job": 50})
    await admitted(db, {"post_job": 5}, nonce="other")
    assert await finish(db, run_id, RunState.CANCELLED)
    ended = await run_row(db, run_id)
    assert not await finish(db, run_id, RunState.SUCCEEDED)
    again = await run_row(db, run_id)
    assert (again.state, again.version) == ("cancelled", ended.version)
    assert (await day_and_buckets(db))[0] == DayBudget(5, 0)


async def test_concurrent_ends_release_once(db: Database, other_db: Database) -> None:
    """Six ends through two engines: one wins, the hold goes back once."""
    run_id = await admitted(db, {"post_job": 50})
    await admitted(db, {"post_job": 5}, nonce="other")
    answers = await asyncio.gather(*(finish(d, run_id) for d in [db, other_db] * 3))
    assert answers.count(True) == 1
    assert (await day_and_buckets(db))[0] == DayBudget(5, 0)


@pytest.mark.parametrize("unclear", ["sent", "unknown"])
async def test_a_run_with_an_unclear_movement_cannot_end(db: Database, unclear: str) -> None:
    """It raises, naming the step, and changes nothing; after the proof it ends."""
    run_id = await admitted(db, {"post_job": 50, "other": 3})
    fence = await claim(db, run_id)
    if unclear == "unknown":
        await settle(db, run_id, fence, "unknown")
    before = await run_row(db, run_id)
    with pytest.raises(runs.RunNotSettled) as refused:
        await finish(db, run_id)
    assert refused.value.step_ids == ["post_job"]
    assert (await run_row(db, run_id)).version == before.version
    assert (await day_and_buckets(db))[0] == DayBudget(53, 0)
    await settle(db, run_id, fence, "rejected")
    assert await finish(db, run_id)
    assert await day_and_buckets(db) == (DayBudget(0, 0), Buckets(released=53))


async def test_a_claim_and_an_end_never_both_happen(db: Database, other_db: Database) -> None:
    """Raced ten times: either the run ended and nothing was sent, or it was and did not."""
    for n in range(10):
        run_id = await admitted(db, {"post_job": 1}, nonce=str(n))
        claimed, ended = await asyncio.gather(
            claim(db, run_id), finish(other_db, run_id), return_exceptions=True
        )
        if ended is True:
            assert isinstance(claimed, AlreadyClaimed)
        else:
            assert isinstance(ended, runs.RunNotSettled)
            assert claimed == 1


async def test_states_show_only_when_they_are_news(db: Database) -> None:
    """The same state again bumps nothing; an ended run keeps its end."""
    run_id = await admitted(db)
    async with db.write() as s:
        assert await runs.set_state(s, run_id, RunState.RUNNING)
        assert not await runs.set_state(s, run_id, RunState.RUNNING)
    await finish(db, run_id)
    async with db.write() as s:
        assert not await runs.set_state(s, run_id, RunState.RUNNING)
    assert (await run_row(db, run_id)).state == "failed"


async def test_ends_and_states_are_not_confused(db: Database) -> None:
    """Only finish ends, and finish only ends."""
    run_id = await admitted(db)
    async with db.write() as s:
        with pytest.raises(ValueError, match="only finish"):
            await runs.set_state(s, run_id, RunState.FAILED)
    with pytest.raises(ValueError, match="not an end"):
        await finish(db, run_id, RunState.RUNNING)


async def test_a_settled_step_survives_the_end(db: Database) -> None:
    """Ending skips only steps without a result."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        await steps.settle(
            s,
            run_id,
            "post_job",
            0,
            state=StepState.COMPLETED,
            outputs={"jobId": "1"},
            receipt=None,
            error=None,
            now=NOW,
        )
    await finish(db, run_id, RunState.SUCCEEDED)
    assert (await step_row(db, run_id)).state == "completed"
