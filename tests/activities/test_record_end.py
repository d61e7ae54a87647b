"""The end of a run judges what it moved: once, with the end, by the chain's own events."""

import pytest
from structlog.testing import capture_logs
from temporalio.testing import ActivityEnvironment

from activities.record_end import RecordEnd
from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.models import Json, RunState
from onebox.run import RunEnd
from store import receipts, runs
from store.tables import RunRow
from tests.activities.conftest import RUN, STAKE, World
from tests.activities.swept import FakeEngine, started
from tests.support.builders import TRACE
from tests.support.fake_ics import Answer


def receipt(amount: str) -> Json:
    """ICS saw this much reach the stake manager."""
    moved = {"from": "0x5", "to": "0x3", "payer": "signer", "payee": "stake_manager"}
    return {"txes": ["0x1"], "transfers": [moved | {"amount": amount}]}


async def staked(world: World, said: Json | None) -> None:
    """The deposit of 20 is executed, with this receipt."""
    world.ics.script["stake"] = [Answer(b"x\n", outputs={"amount": "20.00"}, receipt=said)]
    await ActivityEnvironment().run(RunStep(world.deps).run_step, world.task(STAKE))


async def recorded(world: World) -> list[str]:
    """Record the end; the mismatches that were logged."""
    end = RunEnd(run_id=RUN, plan_id=world.plan.plan_id, trace_id=TRACE, state=RunState.SUCCEEDED)
    with capture_logs() as logs:
        await ActivityEnvironment().run(RecordEnd(world.deps).record_end, end)
    return [log["reason"] for log in logs if log["event"] == "run.receipt_mismatch"]


async def judged(world: World) -> tuple[RunRow, int]:
    """The run, and how many runs are counted as mismatched."""
    async with world.db.read() as session:
        return await runs.load(session, RUN, None), await receipts.mismatches(session)


async def test_a_receipt_that_tells_another_amount_is_logged_and_counted_once(
    world: World,
) -> None:
    """However often the end is recorded."""
    await staked(world, receipt("19.00"))
    assert [len(await recorded(world)) for _ in range(3)] == [1, 0, 0]
    run, count = await judged(world)
    assert (run.mismatch, run.state, count) == (True, "succeeded", 1)


async def test_the_log_names_step_party_and_both_amounts(world: World) -> None:
    """Enough to look it up on the chain."""
    await staked(world, receipt("19.00"))
    (said,) = await recorded(world)
    assert said == (
        "deposit_stake promised signer -20.00 AGIALPHA; the chain moved -19.00. (1 more)"
    )


@pytest.mark.parametrize("said", [receipt("20"), None, {"txes": ["0x1"]}])
async def test_what_is_kept_or_not_told_is_no_mismatch(world: World, said: Json | None) -> None:
    """20 is 20.00; a person's resolution tells nothing of the chain."""
    await staked(world, said)
    assert await recorded(world) == []
    assert [(run.mismatch, count) for run, count in [await judged(world)]] == [(None, 0)]


async def test_an_end_that_the_sweep_records_is_judged_too(world: World) -> None:
    """The workflow was terminated after its deposit."""
    await started(world)
    await staked(world, receipt("19.00"))
    with capture_logs() as logs:
        for _ in range(2):
            sweeper = Sweeper(world.deps, FakeEngine(how="terminated"))
            await ActivityEnvironment().run(sweeper.sweep)
    assert [log["event"] for log in logs].count("run.receipt_mismatch") == 1
    assert (await judged(world))[1] == 1
