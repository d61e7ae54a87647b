"""RunPlan on a real Temporal server, with scripted activities."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError

from onebox.models import RunState, StepState
from tests.support.builders import step
from tests.workflows.driven import run_of, until_state, waiting
from tests.workflows.scripted import (
    NOT_EXECUTED,
    SENT,
    Answer,
    asked,
    done,
    failed,
)
from workflows.run_plan import RunPlan

pytestmark = pytest.mark.live


async def test_needs_decide_the_order_and_the_rest_runs_in_parallel(
    temporal_client: Client,
) -> None:
    """1-3-1: the three run together, the last one sees only the outputs that it refers to."""
    tail = step("e", "b", "c", "d", params={"x": {"$from": "a", "path": "n"}})
    steps = [step("a"), step("b", "a"), step("c", "a"), step("d", "a"), tail]
    script: dict[str, Sequence[Answer]] = {"a": [done(n=1)], "b": [done(n=2)]}
    async with run_of(temporal_client, steps, script, seconds=0.2) as (handle, acts):
        end = await handle.result()
    assert end.state is RunState.SUCCEEDED
    assert acts.calls[0][1] == "a"
    assert acts.calls[-1][1] == "e"
    assert acts.at_once == 3
    assert acts.tasks["e"].outputs == {"a": {"n": 1}}
    assert acts.ends == [end]


async def test_a_failed_step_fails_the_run_by_name_and_starts_nothing_new(
    temporal_client: Client,
) -> None:
    """The error names the step; what needed it is skipped, the end is recorded once."""
    script: dict[str, Sequence[Answer]] = {"a": [failed()]}
    async with run_of(temporal_client, [step("a"), step("b", "a")], script) as (handle, acts):
        with pytest.raises(WorkflowFailureError) as caught:
            await handle.result()
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.type == "INSUFFICIENT_BALANCE"
    assert [call[1] for call in acts.calls] == ["a"]
    assert [(e.state, e.failed_step) for e in acts.ends] == [(RunState.FAILED, "a")]


async def test_a_wait_looks_again_after_the_delay_that_the_look_asks_for(
    temporal_client: Client,
) -> None:
    """Two looks that find nothing, a third that does; no second activity is scheduled."""
    script: dict[str, Sequence[Answer]] = {"w": [waiting(0.2), waiting(0.2), done(ok=True)]}
    async with run_of(temporal_client, [step("w")], script, effects={"w": "wait"}) as (
        handle,
        acts,
    ):
        assert (await handle.result()).state is RunState.SUCCEEDED
        events = [e async for e in handle.fetch_history_events()]
    assert [call[0] for call in acts.calls] == ["look", "look", "look"]
    assert sum(e.HasField("activity_task_scheduled_event_attributes") for e in events) == 2


async def test_a_failed_sibling_ends_a_pending_look(temporal_client: Client) -> None:
    """A look that would wait an hour is skipped as soon as another step fails."""
    script: dict[str, Sequence[Answer]] = {"w": [waiting(3600)], "b": [failed()]}
    steps = [step("w"), step("a"), step("b", "a")]
    async with run_of(temporal_client, steps, script, effects={"w": "wait"}, seconds=0.2) as (
        handle,
        acts,
    ):
        with pytest.raises(WorkflowFailureError):
            await asyncio.wait_for(handle.result(), 20)
    assert acts.ends[0].failed_step == "b"


async def test_money_asks_and_waits_for_its_nudge(temporal_client: Client) -> None:
    """Preview, then nothing until the nudge, then the send."""
    script: dict[str, Sequence[Answer]] = {"m": [asked(time.time() + 60), done()]}
    async with run_of(temporal_client, [step("m")], script, effects={"m": "money"}) as (
        handle,
        acts,
    ):
        await until_state(handle, "m", StepState.AWAITING_CONFIRMATION)
        await handle.signal(RunPlan.nudge, "m")
        assert (await handle.result()).state is RunState.SUCCEEDED
    assert [call[2] for call in acts.calls] == ["preview", "execute"]


async def test_silence_goes_back_to_the_row_when_the_question_expires(
    temporal_client: Client,
) -> None:
    """No nudge ever comes: the step is asked for again after its expiry, and rejects."""
    script: dict[str, Sequence[Answer]] = {
        "m": [asked(time.time() + 0.1), failed("CONFIRMATION_EXPIRED")]
    }
    async with run_of(temporal_client, [step("m")], script, effects={"m": "money"}) as (
        handle,
        acts,
    ):
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert acts.ends[0].error is not None
    assert acts.ends[0].error.code == "CONFIRMATION_EXPIRED"


async def test_what_was_sent_is_reconciled_and_a_proved_miss_runs_again_as_the_next_gen(
    temporal_client: Client,
) -> None:
    """Sent -> reconcile says not executed -> gen 1 is sent -> reconcile says done."""
    script: dict[str, Sequence[Answer]] = {"m": [SENT], "m:reconcile": [NOT_EXECUTED, done()]}
    async with run_of(
        temporal_client, [step("m")], script, effects={"m": "money"}, approvals=["m"]
    ) as (handle, acts):
        assert (await handle.result()).state is RunState.SUCCEEDED
    assert [(call[0], call[3]) for call in acts.calls] == [
        ("run_step", 0),
        ("reconcile", 0),
        ("run_step", 1),
        ("reconcile", 1),
    ]


async def test_cancel_ends_waits_skips_the_rest_and_is_recorded(temporal_client: Client) -> None:
    """The Web UI's cancel: pending looks end at once, the run is cancelled, not failed."""
    script: dict[str, Sequence[Answer]] = {"w": [waiting(3600)]}
    steps = [step("w"), step("b", "w")]
    async with run_of(temporal_client, steps, script, effects={"w": "wait"}) as (handle, acts):
        await asyncio.wait_for(acts.seen["w"].wait(), 20)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError) as caught:
            await asyncio.wait_for(handle.result(), 20)
    assert isinstance(caught.value.cause, CancelledError)
    assert [end.state for end in acts.ends] == [RunState.CANCELLED]
    assert all(call[1] == "w" for call in acts.calls)


async def test_cancel_while_money_is_under_way_settles_it_first(temporal_client: Client) -> None:
    """A step that was sent is reconciled before the run ends as cancelled."""
    script: dict[str, Sequence[Answer]] = {"m": [SENT], "m:reconcile": [waiting(1.0), done()]}
    steps = [step("m"), step("b", "m")]
    async with run_of(temporal_client, steps, script, effects={"m": "money"}, approvals=["m"]) as (
        handle,
        acts,
    ):
        await until_state(handle, "m", StepState.UNKNOWN)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await asyncio.wait_for(handle.result(), 20)
    assert [call[0] for call in acts.calls][-1] == "reconcile"
    assert acts.ends[0].state is RunState.CANCELLED
