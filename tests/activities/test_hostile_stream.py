"""A hostile handler over a real socket: no outcome changed, no byte lost, repeated or trimmed."""

import asyncio

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.models import Step, StepState
from onebox.run import StepEnd
from tests.activities.conftest import COLLECT, SCREEN, STAKE, World
from tests.activities.hostile import attempt, speaking, waiting_for
from tests.hostile.raw_ics import Play
from tests.hostile.streams import LIES, STREAMS

REJECTED = {"error": {"code": "INSUFFICIENT_BALANCE", "message": "top up"}}
TEXT = "📦 one\r\ntwo\n\nlast ✓\n".encode()


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


@pytest.mark.parametrize("name", [name for name in STREAMS if name != "100,000 lines"])
async def test_looks_keep_every_byte_once(world: World, name: str) -> None:
    """Two looks hear the same from its first line, the last one hears more."""
    parts = STREAMS[name]
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


async def test_a_cancelled_attempt_keeps_what_it_heard(world: World) -> None:
    """The worker stops in the middle of a stream: whole lines stay, the movement stays sent."""
    silent = Play([b"one\ntw"], "stall", outcome="in_progress")
    async with speaking(world, silent, Play([b"one\ntwo\n"])):
        env = ActivityEnvironment()
        running = asyncio.create_task(env.run(RunStep(world.deps).run_step, world.task(STAKE)))
        async with asyncio.timeout(10):
            while await world.text() != b"one\n":  # noqa: ASYNC110 - a row tells, no event
                await asyncio.sleep(0.02)
        env.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await world.movement()).state == "sent"
        settled = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert settled.state is StepState.COMPLETED
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


async def test_a_preview_keeps_its_missing_newline(world: World) -> None:
    """What was shown is stored as it came, also without a newline at its end."""
    async with speaking(world, Play([b"one\ntw", b"o"], outcome="dry_run")):
        task = world.task(STAKE, approved=False, preview=True)
        await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    assert await world.text() == b"one\ntwo"


async def test_a_flood_of_a_preview_is_an_outage(world: World) -> None:
    """A dry run that never ends is given up before it fills the memory."""
    async with speaking(world, Play([b"x" * 65_536] * 100, outcome="dry_run")):
        task = world.task(STAKE, approved=False, preview=True)
        with pytest.raises(ApplicationError, match="HANDLER_OUTPUT_LIMIT"):
            await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    assert (await world.movement()).state == "held"
