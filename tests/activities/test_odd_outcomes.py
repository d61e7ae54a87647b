"""What ICS answers about a key, when it is odd: nothing is settled by it."""

import pytest
from temporalio.exceptions import ApplicationError

from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.models import Step, StepState
from onebox.run import StepEnd
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.activities.hostile import attempt, speaking
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
