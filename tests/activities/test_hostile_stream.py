"""A hostile handler over a real socket: no outcome changed, no byte lost, repeated or trimmed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.handshake import Handshake
from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.models import Step, StepState
from onebox.run import StepEnd, StepResult
from store import waits
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.hostile.raw_ics import Play, RawIcs, http_bytes, http_json
from tests.hostile.streams import LIES, STREAMS

REJECTED = {"error": {"code": "INSUFFICIENT_BALANCE", "message": "top up"}}
TEXT = "📦 one\r\ntwo\n\nlast ✓\n".encode()


@asynccontextmanager
async def speaking(world: World, *plays: Play) -> AsyncIterator[RawIcs]:
    """The world with an ICS on a socket, playing these streams."""
    ics, deps = RawIcs(world.ics.contract_json, list(plays)), world.deps
    async with ics.open() as client:
        shake = Handshake(
            client, deps.contract, deps.handshake.rulebook, deps.deployment, deps.clock
        )
        world.deps = replace(deps, ics=client, handshake=shake)
        yield ics


async def attempt(method: Any, world: World, step: Step, gen: int = 0) -> StepResult:
    """One attempt of an activity."""
    result: StepResult = await ActivityEnvironment().run(method, world.task(step, gen=gen))
    return result


async def waiting_for(world: World) -> str:
    """What status says that the one waiting step waits for."""
    async with world.db.read() as session:
        (wait,) = await waits.of_run(session, RUN)
    return wait.waiting_for


@pytest.mark.parametrize("parts", STREAMS.values(), ids=STREAMS)
async def test_a_pure_step_keeps_every_byte(world: World, parts: list[bytes]) -> None:
    """What is stored is what was sent; the outcome is the typed one."""
    play = Play(parts, outcome="rejected", more=REJECTED)
    async with speaking(world, play):
        result = await attempt(RunStep(world.deps).run_step, world, SCREEN)
    assert (result.state, result.error and result.error.code) == (
        StepState.FAILED,
        "INSUFFICIENT_BALANCE",
    )
    assert await world.text() == play.content


@pytest.mark.parametrize("parts", STREAMS.values(), ids=STREAMS)
async def test_looks_keep_every_byte_once(world: World, parts: list[bytes]) -> None:
    """Two looks hear the same from its first line, the last one hears more."""
    first = Play(parts, outcome="waiting")
    last = Play([*parts, b"\nfound\n"], more={"outputs": {"jobId": "7"}})
    async with speaking(world, first, first, last):
        for _ in range(2):
            with pytest.raises(ApplicationError):
                await attempt(Look(world.deps).look, world, COLLECT)
            assert await world.text() == first.content
        assert (await attempt(Look(world.deps).look, world, COLLECT)).outputs == {"jobId": "7"}
    assert await world.text() == last.content


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize(
    ("outcome", "state"), [("rejected", "rejected"), ("executed", "confirmed")]
)
async def test_a_lie_moves_no_money(world: World, lie: str, outcome: str, state: str) -> None:
    """The typed outcome decides the movement, whatever the lines claim."""
    more = REJECTED if outcome == "rejected" else {}
    async with speaking(world, Play([f"{lie}\n".encode()], outcome=outcome, more=more)):
        await attempt(RunStep(world.deps).run_step, world, STAKE)
    assert (await world.movement()).state == state
    assert await world.text() == f"{lie}\n".encode()


@pytest.mark.parametrize("cut", range(0, len(TEXT) + 1, 3))
async def test_money_cut_off_anywhere_is_unclear_and_then_whole(world: World, cut: int) -> None:
    """The stream drops at this byte; reconcile hears it from line 1 and settles once."""
    async with speaking(world, Play([TEXT[:cut]], "drop"), Play([TEXT[:5], TEXT[5:]])) as ics:
        result = await attempt(RunStep(world.deps).run_step, world, STAKE)
        assert (result.end, result.state) == (StepEnd.SENT, StepState.UNKNOWN)
        assert (await world.movement()).state == "sent"
        assert TEXT.startswith(await world.text())
        settled = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert settled.state is StepState.COMPLETED
        assert len(ics.posts) == 2
    assert await world.text() == TEXT
    assert (await world.movement()).state == "confirmed"


async def test_a_look_that_is_cut_off_at_every_byte_loses_nothing(world: World) -> None:
    """Each look gets one byte further before it breaks; the last one is whole."""
    cuts = [Play([TEXT[:cut]], "drop") for cut in range(len(TEXT))]
    async with speaking(world, *cuts, Play([TEXT])):
        for _ in cuts:
            with pytest.raises(ApplicationError):
                await attempt(Look(world.deps).look, world, COLLECT)
            assert TEXT.startswith(await world.text())
        await attempt(Look(world.deps).look, world, COLLECT)
    assert await world.text() == TEXT


async def test_a_silent_handler_leaves_sent_money_unknown_not_failed(world: World) -> None:
    """Ended after its idle limit; while it stays silent nobody can tell; then it is settled."""
    silent = Play([b"one\ntw"], "stall", outcome="in_progress")
    async with speaking(world, silent, silent, Play([b"one\ntwo\n"])):
        sent = await attempt(RunStep(world.deps).run_step, world, STAKE)
        assert (sent.end, sent.state) == (StepEnd.SENT, StepState.UNKNOWN)
        with pytest.raises(ApplicationError, match="do not repeat by hand"):
            await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert (await world.movement()).state == "unknown"
        assert await world.state(STAKE) is StepState.UNKNOWN
        assert "HANDLER_IDLE" in await waiting_for(world)
        settled = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert settled.state is StepState.COMPLETED
    assert await world.text() == b"one\ntwo\n"


@pytest.mark.parametrize("step", [SCREEN, COLLECT], ids=["pure", "wait"])
async def test_a_silent_handler_is_asked_again(world: World, step: Step) -> None:
    """A step that moves nothing waits, says for what, and goes on when its handler speaks."""
    activity = {
        SCREEN.id: RunStep(world.deps).run_step,
        COLLECT.id: Look(world.deps).look,
    }
    silent = Play([b"one\ntw"], "stall", outcome="in_progress")
    async with speaking(world, silent, Play([b"one\ntwo\n"])):
        activity = {SCREEN.id: RunStep(world.deps).run_step, COLLECT.id: Look(world.deps).look}
        with pytest.raises(ApplicationError):
            await attempt(activity[step.id], world, step)
        assert await world.state(step) is StepState.WAITING
        assert "HANDLER_IDLE" in await waiting_for(world)
        await attempt(activity[step.id], world, step)
    assert await world.state(step) is StepState.COMPLETED
    assert await world.text() == b"one\ntwo\n"


async def test_a_line_that_ends_later_is_one_line(world: World) -> None:
    """A look's last line had no newline; the next look brings its rest."""
    plays = [Play([text], outcome="waiting") for text in (b"op", b"open", b"open\nmo")]
    async with speaking(world, *plays, Play([b"open\nmore\n"])):
        for play in plays:
            with pytest.raises(ApplicationError):
                await attempt(Look(world.deps).look, world, COLLECT)
            assert await world.text() == play.content
        await attempt(Look(world.deps).look, world, COLLECT)
    assert await world.text() == b"open\nmore\n"


async def test_a_handler_that_takes_back_what_it_said_is_kept_both_times(world: World) -> None:
    """From the first difference on all is new: neither telling is lost."""
    plays = [Play([b"one\ntwo\n"], outcome="waiting"), Play([b"one\nTWO\n"])]
    async with speaking(world, *plays):
        with pytest.raises(ApplicationError):
            await attempt(Look(world.deps).look, world, COLLECT)
        await attempt(Look(world.deps).look, world, COLLECT)
    assert await world.text() == b"one\ntwo\nTWO\n"


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
