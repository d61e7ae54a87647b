"""What people do to workflows in the Web UI, on a real server.

The activities are the product's, on a real store; ICS is scripted.
"""

import pytest

from onebox.digest import key_of
from onebox.models import RunState, StepState
from tests.activities.conftest import COLLECT, SCREEN, STAKE
from tests.support.builders import step
from tests.support.fake_ics import Answer
from tests.workflows.live import Live

pytestmark = pytest.mark.live
SHOWN = Answer(b"would stake\n", outcome="dry_run")
STAKED = Answer(b"staked\n", outputs={"amount": "20.00"})
WAITING = Answer(outcome="waiting", retry_after=60, waiting_for="a submission")
UNCLEAR = Answer(outcome="in_progress")
LATER = step("later", STAKE.id, tool=SCREEN.tool, params=SCREEN.params)


async def test_terminated_while_it_waits_the_run_ends_from_its_rows(live: Live) -> None:
    """Failed, saying why; what it held is given back."""
    live.ics.script["await_submission"] = [WAITING]
    async with live.worker():
        collect = COLLECT.model_copy(update={"needs": []})
        stake = STAKE.model_copy(update={"needs": [collect.id]})
        run_id = await live.started(collect, stake)
        await live.until(run_id, collect.id, StepState.WAITING)
        await live.handle(run_id).terminate("a person wanted it")
        await live.sweep()
    row = await live.row(run_id)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "RUN_INTERRUPTED")
    assert "terminated" in (row.error or {})["message"]
    assert [movement.state for movement in await live.movements(run_id)] == ["released"]


async def test_terminated_after_sending_the_run_ends_when_ics_can_tell(live: Live) -> None:
    """Open and unknown for as long as nobody knows; then the tokens are accounted for."""
    live.ics.script["stake"] = [UNCLEAR]
    async with live.worker():
        run_id = await live.started(STAKE, LATER, approvals=[STAKE.id])
        await live.until(run_id, STAKE.id, StepState.UNKNOWN)
        await live.handle(run_id).terminate("a person wanted it")
        await live.sweep()
        assert not RunState((await live.row(run_id)).state).final
        live.ics.keys[key_of(run_id, STAKE.id, 0)] = STAKED
        await live.sweep()
    row = await live.row(run_id)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "RUN_INTERRUPTED")
    assert (await live.step(run_id, STAKE.id)).state == StepState.COMPLETED
    assert (await live.step(run_id, LATER.id)).state == StepState.SKIPPED
    assert [movement.state for movement in await live.movements(run_id)] == ["confirmed"]


async def test_cancelled_in_the_web_ui_nothing_is_sent_and_holds_go_back(live: Live) -> None:
    """A question and a look are pending: both end at once, the run is cancelled."""
    live.ics.script["await_submission"] = [WAITING]
    live.ics.script["stake:dry"] = [SHOWN]
    async with live.worker():
        run_id = await live.started(COLLECT, STAKE)
        await live.until(run_id, COLLECT.id, StepState.WAITING)
        await live.until(run_id, STAKE.id, StepState.AWAITING_CONFIRMATION)
        await live.handle(run_id).cancel()
        row = await live.ended(run_id)
    assert row.state == RunState.CANCELLED
    assert live.sent(run_id) == []
    assert [movement.state for movement in await live.movements(run_id)] == ["released"]


async def test_cancelled_after_sending_what_was_sent_is_settled_first(live: Live) -> None:
    """The run is not over before it is known what moved."""
    live.ics.script["stake"] = [UNCLEAR]
    async with live.worker():
        run_id = await live.started(STAKE, LATER, approvals=[STAKE.id])
        await live.until(run_id, STAKE.id, StepState.UNKNOWN)
        await live.handle(run_id).cancel()
        await live.sweep()
        assert not RunState((await live.row(run_id)).state).final
        live.ics.keys[key_of(run_id, STAKE.id, 0)] = STAKED
        row = await live.ended(run_id)
    assert row.state == RunState.CANCELLED
    assert (await live.step(run_id, STAKE.id)).state == StepState.COMPLETED


async def test_reset_after_sending_the_claim_keeps_it_from_sending_again(live: Live) -> None:
    """The new workflow meets the rows: one effect, one end, each line once."""
    live.ics.script["stake"] = [UNCLEAR]
    async with live.worker():
        run_id = await live.started(SCREEN, STAKE, LATER, approvals=[STAKE.id])
        await live.until(run_id, STAKE.id, StepState.UNKNOWN)
        await live.reset(run_id)
        live.ics.keys[key_of(run_id, STAKE.id, 0)] = STAKED
        row = await live.ended(run_id)
    assert row.state == RunState.SUCCEEDED
    assert live.sent(run_id).count(key_of(run_id, STAKE.id, 0)) == 1
    assert [(m.gen, m.state) for m in await live.movements(run_id)] == [(0, "confirmed")]


async def test_reset_after_the_answer_it_is_not_asked_again(live: Live) -> None:
    """The old workflow's nudge comes before the new one's question; the answer counts."""
    live.ics.script["stake:dry"] = [SHOWN]
    live.ics.script["stake"] = [UNCLEAR]
    async with live.worker():
        run_id = await live.started(STAKE)
        await live.until(run_id, STAKE.id, StepState.AWAITING_CONFIRMATION)
        await live.answer(run_id, STAKE.id, "approve")
        await live.engine.nudge(run_id, STAKE.id)
        await live.until(run_id, STAKE.id, StepState.UNKNOWN)
        await live.reset(run_id)
        live.ics.keys[key_of(run_id, STAKE.id, 0)] = STAKED
        row = await live.ended(run_id)
    assert row.state == RunState.SUCCEEDED


async def test_reset_in_the_second_generation_it_goes_on_with_that_one(live: Live) -> None:
    """Generation 0 was proved not to have run; the new workflow starts there and passes on."""
    live.ics.script["stake"] = [Answer(breaks=True, taken=False), UNCLEAR]
    async with live.worker():
        run_id = await live.started(STAKE, approvals=[STAKE.id])
        key = key_of(run_id, STAKE.id, 1)
        await live.until_key(key)
        await live.until(run_id, STAKE.id, StepState.UNKNOWN)
        await live.reset(run_id)
        live.ics.keys[key] = STAKED
        row = await live.ended(run_id)
    assert row.state == RunState.SUCCEEDED
    assert live.sent(run_id) == [key]
    states = [(m.gen, m.state) for m in await live.movements(run_id)]
    assert states == [(0, "released"), (1, "confirmed")]


async def test_reset_after_the_end_nothing_is_done_again(live: Live) -> None:
    """The new workflow ends as the run did, whatever generation had its result."""
    live.ics.script["stake"] = [Answer(breaks=True, taken=False), STAKED]
    async with live.worker():
        run_id = await live.started(STAKE, LATER, approvals=[STAKE.id])
        row, posts = await live.ended(run_id), len(live.ics.posts)
        await live.handle(run_id).result()
        await live.reset(run_id)
        await live.handle(run_id).result()
    assert await live.engine.ended(run_id) == "completed"
    assert (await live.row(run_id)).version == row.version
    assert len(live.ics.posts) == posts


async def test_a_vanished_workflow_ends_from_its_rows(live: Live) -> None:
    """Its history is gone; it is not started again, because a person may have ended it."""
    live.ics.script["await_submission"] = [WAITING]
    async with live.worker():
        run_id = await live.started(COLLECT)
        await live.until(run_id, COLLECT.id, StepState.WAITING)
        await live.vanish(run_id)
        await live.sweep()
    row = await live.row(run_id)
    assert row.state == RunState.FAILED
    assert "vanished" in (row.error or {})["message"]
