"""The first result of a step's generation is its result."""

import pytest

from onebox.errors import RunNotFound, StepNotFound
from onebox.models import IcsReceipt, RunState, StepError, StepState
from store import runs, steps, waits
from store.database import Database
from tests.store.made import NOW, admitted, begin, run_row, step_row


async def settle(
    db: Database, run_id: str, gen: int = 0, state: StepState = StepState.COMPLETED
) -> bool:
    """Settle post_job with a whole result."""
    async with db.write() as s:
        return await steps.settle(
            s,
            run_id,
            "post_job",
            gen,
            state=state,
            outputs={"jobId": "7"},
            receipt=IcsReceipt(txes=["0x1"]),
            error=None if state is StepState.COMPLETED else StepError(code="X", message="m"),
            now=NOW + 2,
        )


async def test_begin_starts_the_clock_once(db: Database) -> None:
    """A repeated begin keeps the first start and shows nothing new."""
    run_id = await admitted(db)
    assert await begin(db, run_id)
    version = (await run_row(db, run_id)).version
    async with db.write() as s:
        assert (await steps.begin(s, run_id, "post_job", 0, NOW + 5)).open
    row = await step_row(db, run_id)
    assert (row.state, row.started_at) == ("running", NOW)
    assert (await run_row(db, run_id)).version == version


@pytest.mark.parametrize("state", [StepState.WAITING, StepState.AWAITING_CONFIRMATION])
async def test_begin_keeps_what_a_step_is_waiting_for(db: Database, state: StepState) -> None:
    """The next look, or the attempt after an answer, does not hide the wait."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        assert await steps.set_state(s, run_id, "post_job", state, "cnf_1")
    assert await begin(db, run_id)
    row = await step_row(db, run_id)
    assert (row.state, row.confirmation_id) == (state, "cnf_1")


async def test_the_first_result_stands(db: Database) -> None:
    """A second result of the same generation is refused; the row is as the first said."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", "a block", NOW, None)
    assert await settle(db, run_id)
    assert not await settle(db, run_id, state=StepState.FAILED)
    assert not await begin(db, run_id)
    row = await step_row(db, run_id)
    assert (row.state, row.outputs, row.error) == ("completed", {"jobId": "7"}, None)
    assert row.receipt == {"txes": ["0x1"], "cids": [], "payouts": [], "transfers": None}
    assert row.completed_at == NOW + 2
    async with db.read() as s:
        assert await waits.of_run(s, run_id) == []


async def test_a_next_generation_starts_afresh(db: Database) -> None:
    """A failed generation is followed by a blank one; a late result of the old is refused."""
    run_id = await admitted(db)
    await begin(db, run_id)
    await settle(db, run_id, state=StepState.FAILED)
    assert await begin(db, run_id, gen=1)
    row = await step_row(db, run_id)
    assert (row.gen, row.state, row.error, row.outputs) == (1, "running", None, None)
    assert (row.completed_at, row.receipt) == (None, None)
    assert not await settle(db, run_id, gen=0)
    assert await settle(db, run_id, gen=1)


async def test_a_completed_step_has_no_next_generation(db: Database) -> None:
    """What was done is not done again."""
    run_id = await admitted(db)
    await begin(db, run_id)
    await settle(db, run_id)
    assert not await begin(db, run_id, gen=1)
    assert not await settle(db, run_id, gen=1)


async def test_a_settled_step_never_waits_again(db: Database) -> None:
    """A late look changes nothing."""
    run_id = await admitted(db)
    await begin(db, run_id)
    await settle(db, run_id)
    async with db.write() as s:
        assert not await steps.set_state(s, run_id, "post_job", StepState.WAITING)
    assert (await step_row(db, run_id)).state == "completed"


async def test_a_late_look_leaves_no_wait(db: Database) -> None:
    """A wait put after the result is not stored."""
    run_id = await admitted(db)
    await begin(db, run_id)
    await settle(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", "a block", NOW, None)
        assert await waits.of_run(s, run_id) == []


async def test_nothing_begins_after_the_end(db: Database) -> None:
    """An attempt that outlives its run starts nothing, at any generation."""
    run_id = await admitted(db)
    async with db.write() as s:
        await runs.finish(
            s, run_id, state=RunState.CANCELLED, failed_step=None, error=None, now=NOW
        )
    assert not await begin(db, run_id)
    assert not await begin(db, run_id, gen=1)


async def test_results_and_states_are_not_confused(db: Database) -> None:
    """Only settle gives a result, and unknown is none."""
    run_id = await admitted(db)
    async with db.write() as s:
        with pytest.raises(ValueError, match="only a result"):
            await steps.set_state(s, run_id, "post_job", StepState.COMPLETED)
    with pytest.raises(ValueError, match="not a result"):
        await settle(db, run_id, state=StepState.UNKNOWN)


async def test_absent_results_are_null(db: Database) -> None:
    """A step without outputs stores no JSON null in their place."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        await steps.settle(
            s,
            run_id,
            "post_job",
            0,
            state=StepState.SKIPPED,
            outputs=None,
            receipt=None,
            error=None,
            now=NOW,
        )
        row = await steps.load(s, run_id, "post_job")
        assert (row.outputs, row.receipt, row.error) == (None, None, None)


async def test_what_is_not_there_is_named(db: Database) -> None:
    """An unknown step and an unknown run are told apart."""
    run_id = await admitted(db)
    with pytest.raises(StepNotFound):
        await begin(db, run_id, "no_such_step")
    with pytest.raises(RunNotFound):
        await begin(db, "run_none")


async def test_steps_come_in_plan_order(db: Database) -> None:
    """Not by name."""
    run_id = await admitted(db, {"c": 0, "a": 0, "b": 0})
    async with db.read() as s:
        assert [row.step_id for row in await steps.of_run(s, run_id)] == ["c", "a", "b"]
