"""Status tells where a run stands: rows, merged with what the live workflow says."""

import asyncio
import time
from typing import Any

import pytest

from onebox.models import Json, RunState, StepState
from onebox.run import LiveState
from tests.api import runs
from tests.api.runs import a_run
from tests.api.world import World


async def _status(world: World, run_id: str, **params: Any) -> Json:
    answer = await world.get("/status", run_id=run_id, **params)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def _live(**states: StepState) -> LiveState:
    return LiveState(state=RunState.RUNNING, steps=states)


async def test_a_fresh_run_shows_every_step(world: World) -> None:
    """In plan order, with names, kinds and tools; budget and trace of the plan."""
    world.engine.live = _live()
    body = await _status(world, await a_run(world))
    assert [step["id"] for step in body["steps"]][:2] == ["moderation_gate", "pin_spec"]
    assert body["steps"][2]["tool"] == "job.post"
    assert {step["state"] for step in body["steps"]} == {"pending"}
    assert body["run"]["state"] == "running"
    assert body["run"]["est_budget"] == "52.50"
    assert body["run"]["trace_id"] == "11111111-2222-4333-8444-555555555555"
    assert (body["current"], body["receipts"], body["stale"]) == (None, None, False)


async def test_rows_win_for_settled_steps_and_the_workflow_for_new_ones(world: World) -> None:
    """A late answer of the workflow cannot bring a settled step back."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "moderation_gate")
    await runs.settle(world, run_id, "moderation_gate")
    world.engine.live = _live(moderation_gate=StepState.RUNNING, pin_spec=StepState.RUNNING)
    body = await _status(world, run_id)
    assert [step["state"] for step in body["steps"]][:3] == ["completed", "running", "pending"]
    assert body["current"] == "pin_spec"


async def test_without_a_worker_the_rows_are_marked_stale(world: World) -> None:
    """The answer is still there, and says how far it can be trusted."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "moderation_gate")
    world.engine.live = None
    body = await _status(world, run_id)
    assert body["stale"] is True
    assert (body["run"]["state"], body["current"]) == ("running", "moderation_gate")


async def test_a_wait_says_for_what_since_when_and_until(world: World) -> None:
    """A run that waits is never silent about it."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "moderation_gate")
    await runs.wait_for(world, run_id, "moderation_gate", "a submission to job 7")
    world.engine.live = _live(moderation_gate=StepState.RUNNING)
    body = await _status(world, run_id)
    step = body["steps"][0]
    assert (body["run"]["state"], step["state"]) == ("waiting", "waiting")
    assert step["wait"]["waiting_for"] == "a submission to job 7"
    assert step["wait"]["since"].endswith("Z")
    assert step["wait"]["next_look"] > step["wait"]["since"]


async def test_a_question_shows_its_confirmation_id(world: World) -> None:
    """So that a client finds what to answer."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "post_job")
    await runs.ask(world, run_id)
    body = await _status(world, run_id)
    assert body["run"]["state"] == "awaiting_confirmation"
    assert body["steps"][2]["confirmation_id"] == runs.QUESTION


async def test_a_failed_run_names_its_step(world: World) -> None:
    """`current` is the failed step's id after the failure; ended runs are never stale."""
    run_id = await a_run(world)
    error = {"code": "DEADLINE_PASSED", "message": "late", "fix": "Reclaim job 7"}
    await runs.begin(world, run_id, "moderation_gate")
    await runs.settle(world, run_id, "moderation_gate", error=error)
    await runs.end(world, run_id, RunState.FAILED, "moderation_gate")
    body = await _status(world, run_id)
    assert body["run"]["state"] == "failed"
    assert body["current"] == body["run"]["failed_step"] == "moderation_gate"
    assert body["steps"][0]["error"] == error
    assert body["steps"][1]["state"] == "skipped"
    assert body["stale"] is False


async def test_logs_are_verbatim_and_a_cursor_resumes(world: World) -> None:
    """No line is trimmed, lost or repeated; bytes that are no UTF-8 are escaped."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "moderation_gate")
    await runs.write(world, run_id, "moderation_gate", b" \xe2\x9c\x85 ok \r", b"", b"a\x00\xff")
    first = await _status(world, run_id)
    assert first["logs"] == [" ✅ ok \r", "", "a\x00\\xff"]
    assert (await _status(world, run_id, after=first["next_cursor"]))["logs"] == []
    await runs.write(world, run_id, "moderation_gate", b"more", first=3)
    later = await _status(world, run_id, after=first["next_cursor"])
    assert later["logs"] == ["more"]
    assert len((await _status(world, run_id))["logs"]) == 4


@pytest.mark.parametrize("cursor", ["", "1", "c1", "c-1.0", "c99.0", "c1.0 ", "c" + "9" * 40])
async def test_a_cursor_of_ours_or_none(world: World, cursor: str) -> None:
    """Anything else is 400, never a wrong answer."""
    answer = await world.get("/status", run_id=await a_run(world), after=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "CURSOR_INVALID")


@pytest.mark.parametrize("wait", ["-1", "61", "nan", "soon"])
async def test_wait_is_at_most_a_minute(world: World, wait: str) -> None:
    """422 names the parameter."""
    answer = await world.get("/status", run_id=await a_run(world), wait=wait)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/wait"


async def test_a_long_poll_returns_when_something_changes(world: World) -> None:
    """Well before its time is up, with the new line."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "moderation_gate")
    cursor = (await _status(world, run_id))["next_cursor"]
    asked = asyncio.create_task(_status(world, run_id, after=cursor, wait=30))
    await asyncio.sleep(0.3)
    assert not asked.done()
    await runs.write(world, run_id, "moderation_gate", b"news")
    body = await asyncio.wait_for(asked, 5)
    assert body["logs"] == ["news"]


async def test_a_long_poll_gives_up_in_time_and_never_waits_for_an_ended_run(
    world: World,
) -> None:
    """`wait` is a limit; what has ended cannot change."""
    run_id = await a_run(world)
    cursor = (await _status(world, run_id))["next_cursor"]
    began = time.monotonic()
    await _status(world, run_id, after=cursor, wait=0.5)
    assert 0.4 < time.monotonic() - began < 5
    await runs.end(world, run_id, RunState.CANCELLED)
    cursor = (await _status(world, run_id))["next_cursor"]
    began = time.monotonic()
    await _status(world, run_id, after=cursor, wait=30)
    assert time.monotonic() - began < 5


async def test_receipts_grow_with_the_settled_steps(world: World) -> None:
    """From the first settled step on: traces, sums, and what is still held."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "pin_spec")
    await runs.settle(world, run_id, "pin_spec", receipt={"cids": ["bafy"], "txes": []})
    receipt = (await _status(world, run_id))["receipts"]
    assert (receipt["cids"], receipt["held"], receipt["escrow"]) == (["bafy"], "52.50", None)
    await runs.begin(world, run_id, "post_job")
    await runs.move(world, run_id, "post_job", "7")
    posted = {"jobId": "7", "escrow": "52.50", "reward": "50.00", "fee": "2.50"}
    await runs.settle(world, run_id, "post_job", outputs=posted, receipt={"txes": ["0x1", "0x2"]})
    receipt = (await _status(world, run_id))["receipts"]
    assert (receipt["job_id"], receipt["escrow"], receipt["held"]) == (7, "52.50", "52.50")
    assert (receipt["fee"], receipt["txes"]) == (None, ["0x1", "0x2"])
    assert receipt["timings"]["steps"] == {"pin_spec": 2.0, "post_job": 2.0}


async def test_the_last_receipt_says_who_was_paid(world: World) -> None:
    """Payouts, the pool's fee and the burn are those of the chain."""
    run_id = await a_run(world)
    paid = {"jobId": "7", "fee": "2.475", "burnt": "0.025", "success": True}
    payouts = [{"to": "0x" + "A" * 40, "amount": "46.00", "role": "agent"}]
    await runs.begin(world, run_id, "finalize_payout")
    await runs.settle(
        world, run_id, "finalize_payout", outputs=paid, receipt={"txes": [], "payouts": payouts}
    )
    receipt = (await _status(world, run_id))["receipts"]
    assert (receipt["fee"], receipt["burnt"], receipt["payouts"]) == ("2.475", "0.025", payouts)
