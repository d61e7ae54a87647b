"""Answers of ICS that are no HTTP, half of it, or never end: each an outage, none an outcome."""

from asyncio import timeout

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.look import Look
from activities.reconcile import Reconcile
from activities.run_step import RunStep
from onebox.models import StepState
from onebox.run import StepEnd, StepResult
from tests.activities.conftest import COLLECT, RUN, SCREEN, STAKE, World
from tests.activities.hostile import attempt, speaking, waiting_for
from tests.hostile.raw_ics import Play, http_bytes, http_json

# No step waits longer than this for an answer, whatever trickles meanwhile.
SOON = 0.5
PATIENCE = 30
SAID = b"one\ntwo\n"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
_OURS = _HEAD + b"Intent-Key: {key}\r\n"
_CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
_WHOLE = _CHUNKS + b"4\r\none\n\r\n0\r\n\r\n"

# What answers a POST: the bytes, and what drips after them for ever.
WIRES: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "lines alone": (SAID, b""),
    "half a head": (_HEAD[:20], b""),
    "a status in words": (b"HTTP/1.1 two OK\r\n\r\n", b""),
    "a status of 099": (b"HTTP/1.1 099 OK\r\n\r\n", b""),
    "another protocol": (b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", b""),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "created": (http_bytes(b"{}", "201 Created"), b""),
    "a redirect": (http_bytes(b"{}", "307 X\r\nLocation: /elsewhere"), b""),
    "a gateway's page": (http_bytes(b"<h1>Bad Gateway</h1>", "502 Bad Gateway"), b""),
    "a header of 1 MB": (_HEAD + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", b""),
    "headers of 1 MB": (_HEAD + b"X: aaaaaa\r\n" * 90_000 + b"\r\n", b""),
    "more announced than sent": (_OURS + b"Content-Length: 900\r\n\r\none\n", b""),
    "two lengths": (_OURS + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\none\n", b""),
    "no length": (_OURS + b"Connection: close\r\n\r\none\ntw", b""),
    "a chunk size in words": (_OURS + _CHUNKS + b"4\r\none\n\r\nten\r\n", b""),
    "a chunk without its end": (_OURS + _CHUNKS + b"4\r\none\n0\r\n\r\n", b""),
    "no last chunk": (_OURS + _CHUNKS + b"4\r\none\n\r\n", b""),
    "half a last chunk": (_OURS + _CHUNKS + b"4\r\none\n\r\n0\r\n", b""),
    "another's key": (_HEAD + f"Intent-Key: {RUN}:other:0\r\n".encode() + _WHOLE, b""),
    "another address for a key": (_HEAD + b"Intent-Key: ../contract\r\n" + _WHOLE, b""),
    "a key with a tab": (_HEAD + b"Intent-Key: dry:\t1\r\n" + _WHOLE, b""),
    "a key of 70 KB": (_HEAD + b"Intent-Key: dry:" + b"a" * 70_000 + b"\r\n" + _WHOLE, b""),
    "a head without end": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
    "no more than 100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a chunk size without end": (_OURS + _CHUNKS, b"0"),
    "a refusal without end": (b"HTTP/1.1 422 X\r\nContent-Length: 99999\r\n\r\n", b" "),
    "a refusal of any size": (b"HTTP/1.1 422 X\r\n\r\n", b" " * 300_000),
}


@pytest.mark.parametrize("name", WIRES)
async def test_what_cannot_be_read_decides_nothing(world: World, name: str) -> None:
    """A preview asks nobody and waits; what is sent is unknown, never failed; no byte is lost."""
    async with (
        timeout(PATIENCE),
        speaking(world, Play([SAID], outcome="dry_run"), idle=SOON, whole=SOON) as ics,
    ):
        ics.answer, ics.drip = WIRES[name]
        with pytest.raises(ApplicationError, match="ICS_UNAVAILABLE"):
            await previewed(world)
        assert len(await waiting_for(world)) < 1000
        ics.answer = None
        await previewed(world)
        assert await world.state(STAKE) is StepState.AWAITING_CONFIRMATION
    async with timeout(PATIENCE), speaking(world, Play([SAID]), idle=SOON, whole=SOON) as ics:
        ics.answer, ics.drip = WIRES[name]
        ics.known = True  # however busy this machine is: the call may not arrive in time
        sent = await attempt(RunStep(world.deps).run_step, world, STAKE)
        assert (sent.end, sent.state) == (StepEnd.SENT, StepState.UNKNOWN)
        with pytest.raises(ApplicationError, match="do not repeat by hand"):
            await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert (await world.movement()).state == "unknown"
        ics.answer = None
        settled = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert settled.state is StepState.COMPLETED
        assert not any(b"/elsewhere" in head for head in ics.heads)
    assert await world.text() == SAID * 2


async def previewed(world: World) -> StepResult:
    """An attempt to show the stake."""
    task = world.task(STAKE, approved=False, preview=True)
    result: StepResult = await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    return result


@pytest.mark.parametrize(
    "name", ["created", "no length", "another's key", "a chunk size without end"]
)
async def test_other_steps_wait_and_go_on(world: World, name: str) -> None:
    """Never failed by an answer that is none of ICS's refusals."""
    async with timeout(PATIENCE), speaking(world, Play([SAID]), idle=SOON, whole=SOON) as ics:
        for step, method in (
            (SCREEN, RunStep(world.deps).run_step),
            (COLLECT, Look(world.deps).look),
        ):
            ics.answer, ics.drip = WIRES[name]
            with pytest.raises(ApplicationError, match="ICS_UNAVAILABLE"):
                await attempt(method, world, step)
            assert await world.state(step) is StepState.WAITING
            ics.answer = None
            assert (await attempt(method, world, step)).state is StepState.COMPLETED
    assert await world.text() == SAID * 2


async def test_an_outcome_that_comes_a_byte_at_a_time_has_an_end(world: World) -> None:
    """Each byte is in time; all of them are not."""
    async with timeout(PATIENCE), speaking(world, Play([SAID]), whole=SOON) as ics:
        ics.status, ics.trickle = http_json({"key": f"{RUN}:{STAKE.id}:0"}), 0.05
        assert (await attempt(RunStep(world.deps).run_step, world, STAKE)).end is StepEnd.SENT
        with pytest.raises(ApplicationError, match="TimeoutError"):
            await attempt(Reconcile(world.deps).reconcile, world, STAKE)
        assert (await world.movement()).state == "unknown"


async def test_a_preview_that_ics_refuses_ends_its_step_by_that_name(world: World) -> None:
    """A step that may not even be shown is never sent."""
    refusal = http_bytes(b'{"code": "INTENT_INVALID", "message": "no"}', "422 X")
    async with timeout(PATIENCE), speaking(world, Play([])) as ics:
        ics.answer = refusal
        result = await previewed(world)
    assert result.error is not None
    assert (result.state, result.error.code) == (StepState.FAILED, "INTENT_INVALID")
    assert (await world.movement()).state == "held"
