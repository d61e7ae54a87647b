"""What ICS answers about a key, when it is odd: nothing is settled by it."""

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.models import Step, StepError, StepState
from onebox.run import StepEnd
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.activities.hostile import attempt, speaking, waiting_for
from tests.hostile.raw_ics import Play, http_bytes, http_json
from tests.support.fake_ics import Answer


def outcome_json(**changes: object) -> bytes:
    """A typed outcome of the stake, somehow wrong."""
    return http_json({"key": f"{RUN}:{STAKE.id}:0", "outcome": "executed", **changes})


STATUSES: dict[str, bytes] = {
    "not HTTP": b"executed\n",
    "nothing": b"",
    "HTML": http_bytes(b"<h1>executed</h1>"),
    "empty": http_bytes(b""),
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{",
    "a list": http_json([{"outcome": "executed"}]),
    "null": http_json(None),
    "NaN": http_bytes(b'{"key": "k", "outcome": NaN}'),
    "too deep": http_bytes(b"[" * 100_000),
    "duplicate outcomes": http_bytes(b'{"key": "k", "outcome": "failed", "outcome": "executed"}'),
    "another word": outcome_json(outcome="paid"),
    "no outcome": http_json({"key": f"{RUN}:{STAKE.id}:0"}),
    "another key": outcome_json(key=f"{RUN}:{STAKE.id}:1"),
    "NUL in outputs": outcome_json(outputs={"jobId": "7\x00"}),
    "a lone surrogate": outcome_json(outputs={"jobId": "\ud800"}),
    "outputs no object": outcome_json(outputs="7"),
    "receipt no object": outcome_json(receipt=[1]),
    "gas a float": outcome_json(gas=1.5),
    "gas in other digits": outcome_json(gas="\u00b2\u00b3"),
    "done, and why it was not": outcome_json(error={"code": "NONCE_TOO_LOW", "message": "no"}),
    "an output of another form": outcome_json(outputs={"amount": "1e3"}),
    "an output of another type": outcome_json(outputs={"tx": ["0x" + "1" * 64]}),
    "outputs of 10 MB": outcome_json(outputs={"note": "x" * 10_000_000}),
    "paid what is no amount": outcome_json(receipt={"payouts": [{"to": "0x1", "amount": "-5"}]}),
    "moved what is no amount": outcome_json(
        receipt={"transfers": [{"from": "0x1", "to": "0x2", "amount": "1e18"}]}
    ),
    "10,000 mistakes": outcome_json(receipt={"payouts": [{"to": 1}] * 10_000}),
    "401": http_bytes(b'{"code": "AUTH_INVALID", "message": "no"}', "401 Unauthorized"),
    "404": http_bytes(b'{"code": "NOT_FOUND", "message": "no"}', "404 Not Found"),
    "302": http_bytes(b"{}", "302 Found"),
    "500": http_bytes(b"oops", "500 Internal Server Error"),
    "503": http_bytes(b'{"code": "CHAIN_UNAVAILABLE", "message": "x"}', "503 Unavailable"),
}


@pytest.mark.parametrize("status", STATUSES.values(), ids=STATUSES)
async def test_an_odd_answer_about_a_key_settles_nothing(world: World, status: bytes) -> None:
    """Sent, then an answer that cannot be read: unclear, at reconcile unknown, later settled."""
    async with speaking(world, Play([b"one\n"])) as ics:
        ics.status = status
        assert (await attempt(RunStep(world.deps).run_step, world, STAKE)).end is StepEnd.SENT
        with pytest.raises(ApplicationError, match="do not repeat by hand"):
            await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert (await world.movement()).state == "unknown"
        assert len(await waiting_for(world)) < 1000
        ics.status = None
        settled = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert settled.state is StepState.COMPLETED
    assert await world.text() == b"one\n"


@pytest.mark.parametrize("code", ["NOT_AFTER_PASSED", "FENCED"])
async def test_a_call_that_came_too_late_ends_no_step(world: World, code: str) -> None:
    """ICS was frozen, or a clock was set: nothing ran, so the step runs again under a new key."""
    late = Answer(outcome="rejected", error={"code": code, "message": "too late"})
    world.ics.script["stake"] = [late, Answer(b"staked\n", outputs={"amount": "20.00"})]
    run = RunStep(world.deps).run_step
    assert (await attempt(run, world, STAKE)).end is StepEnd.NOT_EXECUTED
    assert (await world.movement()).state == "not_executed"
    assert (await attempt(run, world, STAKE, gen=1)).state is StepState.COMPLETED
    assert [(await world.movement(gen)).state for gen in (0, 1)] == ["released", "confirmed"]


@pytest.mark.parametrize("step", [SCREEN, COLLECT])
async def test_a_step_that_moves_nothing_may_come_late(world: World, step: Step) -> None:
    """What does no harm when repeated is not refused after a minute of silence."""
    activity = Look(world.deps).look if step is COLLECT else RunStep(world.deps).run_step
    assert (await attempt(activity, world, step)).state is StepState.COMPLETED
    (_, headers) = world.ics.posts[-1]
    assert int(headers["not-after"]) - world.clock.now > 3600


async def test_what_the_contract_does_not_name_is_left_out(world: World) -> None:
    """Members of a newer ICS do no harm: neither beside the outputs nor among them."""
    error = {"code": "INSUFFICIENT_BALANCE", "message": "top up", "pointer": "/stake"}
    plays = [Play([], outcome="rejected", more={"error": error, "news": 1})]
    plays += [Play([], more={"outputs": {"jobId": "7", "jobid": "9" * 5000}})]
    async with speaking(world, *plays):
        rejected = await attempt(RunStep(world.deps).run_step, world, SCREEN)
        assert rejected.error == StepError(code="INSUFFICIENT_BALANCE", message="top up")
        looked = await attempt(Look(world.deps).look, world, COLLECT)
    assert looked.outputs == {"jobId": "7"}


@pytest.mark.parametrize("seconds", [3601, 1e12, 1e308])
async def test_nobody_sleeps_for_longer_than_an_hour(world: World, seconds: float) -> None:
    """However long a handler says: what is waited for shows within the hour."""
    more = {"retry_after": seconds, "waiting_for": "the world"}
    async with speaking(world, Play([], outcome="waiting", more=more)):
        with pytest.raises(ApplicationError) as waits:
            await attempt(Look(world.deps).look, world, COLLECT)
    assert waits.value.next_retry_delay == timedelta(hours=1)


async def test_a_step_that_moves_nothing_and_was_not_executed_has_failed(world: World) -> None:
    """It has no next generation; its row says why."""
    error = {"code": "FENCED", "message": "fenced"}
    async with speaking(world, Play([b"one\n"], outcome="not_executed", more={"error": error})):
        result = await attempt(RunStep(world.deps).run_step, world, SCREEN)
    assert (result.state, result.error) == (StepState.FAILED, StepError(**error))
    assert await world.state(SCREEN) is StepState.FAILED


@pytest.mark.parametrize("outcome", ["unknown_key", "in_progress", "waiting", "executed"])
async def test_a_dry_run_of_which_ics_knows_nothing_is_shown_again(
    world: World, outcome: str
) -> None:
    """ICS was started again after its last line: the step waits, it has not failed."""
    task = world.task(STAKE, approved=False, preview=True)
    plays = [Play([b"one\n"], outcome=outcome), Play([b"one\n"], outcome="dry_run")]
    async with speaking(world, *plays):
        with pytest.raises(ApplicationError, match="ICS_UNAVAILABLE"):
            await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
        await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    assert await world.state(STAKE) is StepState.AWAITING_CONFIRMATION
