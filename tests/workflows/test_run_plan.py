"""RunPlan on a real Temporal server, with scripted activities."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError

from onebox.models import RunState, StepState
from tests.support.builders import step
from tests.workflows.driven import Handle, run_of, until_state, waiting
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
    assert sum(e.HasField("activity_task_scheduled_event_attributes") for e in events) == 1


async def test_what_may_be_repeated_runs_within_the_workflow_task(temporal_client: Client) -> None:
    """Three steps and the end of the run: no activity is scheduled at the server."""
    steps = [step("a"), step("b", "a"), step("c", "b")]
    async with run_of(temporal_client, steps, {}) as (handle, acts):
        assert (await handle.result()).state is RunState.SUCCEEDED
        assert await scheduled(handle) == []
    assert [call[1] for call in acts.calls] == ["a", "b", "c"]
    assert len(acts.ends) == 1


async def test_a_step_that_takes_long_goes_on_as_a_regular_activity(
    temporal_client: Client,
) -> None:
    """After two seconds the workflow task is free again; so it is at once where the step waits."""
    script: dict[str, Sequence[Answer]] = {"w": [waiting(0.1), done()]}
    slow = {"s": 4.0}
    steps = [step("w"), step("s", "w"), step("z", "s")]
    async with run_of(temporal_client, steps, script, slow=slow) as (handle, acts):
        assert (await handle.result()).state is RunState.SUCCEEDED
        assert await scheduled(handle) == ["w", "s"]
    assert [call[1] for call in acts.calls] == ["w", "w", "s", "s", "z"]


async def test_what_a_money_step_needs_ends_a_task_so_that_a_cancel_is_heard(
    temporal_client: Client,
) -> None:
    """A cancel that comes during the step before money keeps the money from moving."""
    steps = [step("a"), step("b", "a"), step("m", "b")]
    run = run_of(
        temporal_client, steps, {}, effects={"m": "money"}, approvals=["m"], slow={"b": 1.0}
    )
    async with run as (handle, acts):
        await asyncio.wait_for(acts.seen["b"].wait(), 20)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await asyncio.wait_for(handle.result(), 20)
        assert "m" not in await scheduled(handle)
    assert acts.ends[0].state is RunState.CANCELLED
    assert "m" not in acts.tasks


async def test_a_long_row_of_steps_lets_the_workflow_be_asked(temporal_client: Client) -> None:
    """Forty steps: every so many of them one is a regular activity, whose end is a new task."""
    steps = [step("s0"), *(step(f"s{n}", f"s{n - 1}") for n in range(1, 40))]
    async with run_of(temporal_client, steps, {}) as (handle, acts):
        assert (await handle.result()).state is RunState.SUCCEEDED
        assert await scheduled(handle) == ["s16", "s33"]
    assert len(acts.calls) == 40


async def scheduled(handle: Handle) -> list[str]:
    """The activities that the server was asked to schedule."""
    events = [event async for event in handle.fetch_history_events()]
    asked = [event.activity_task_scheduled_event_attributes for event in events]
    return [each.activity_id for each in asked if each.activity_id]


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


async def test_what_is_fenced_again_and_again_fails_with_a_reason(temporal_client: Client) -> None:
    """Five proofs that nothing moved are no accident: a person should look."""
    script: dict[str, Sequence[Answer]] = {"m": [SENT], "m:reconcile": [NOT_EXECUTED]}
    async with run_of(
        temporal_client, [step("m")], script, effects={"m": "money"}, approvals=["m"]
    ) as (handle, acts):
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    (end,) = acts.ends
    assert (end.state, end.failed_step) == (RunState.FAILED, "m")
    assert end.error is not None
    assert end.error.code == "FENCED"
    assert [call[3] for call in acts.calls if call[0] == "run_step"] == [0, 1, 2, 3, 4]
