"""reconcile and look: proof by key, the fence, and days of waiting."""

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.look import Look
from activities.reconcile import UNKNOWN, Reconcile
from activities.run_step import RunStep
from onebox.digest import key_of
from onebox.models import StepState
from onebox.run import StepEnd, StepResult
from store import commands, waits
from store.tables import CommandRow
from tests.activities.conftest import COLLECT, RUN, STAKE, World
from tests.support.fake_ics import Answer


async def attempt(method: Any, world: World, step: Any, gen: int = 0) -> StepResult:
    """One attempt of an activity."""
    result: StepResult = await ActivityEnvironment().run(method, world.task(step, gen=gen))
    return result


async def sent(world: World, answer: Answer) -> None:
    """A claimed stake whose call went wrong."""
    world.ics.script["stake"] = [answer, Answer(b"one\ntwo\n", outputs={"amount": "20.00"})]
    assert (await attempt(RunStep(world.deps).run_step, world, STAKE)).end is StepEnd.SENT


async def test_what_ics_did_is_found_by_its_key_and_the_lines_are_there_once(
    world: World,
) -> None:
    """The stream broke after its first line; the replay brings the rest."""
    await sent(world, Answer(b"one\ntwo\n", breaks=True, outputs={"amount": "20.00"}))
    world.ics.keys[key_of(RUN, STAKE.id, 0)] = Answer(b"one\ntwo\n", outputs={"amount": "20.00"})
    result = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert result.state is StepState.COMPLETED
    assert await world.text() == b"one\ntwo\n"
    assert (await world.movement()).state == "confirmed"


async def test_a_key_that_ics_never_saw_is_fenced_before_it_runs_again(world: World) -> None:
    """not_executed by a tombstone; the next generation takes the hold over."""
    await sent(world, Answer(breaks=True, taken=False))
    result = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert result.end is StepEnd.NOT_EXECUTED
    assert world.ics.fenced == [key_of(RUN, STAKE.id, 0)]
    again = await attempt(RunStep(world.deps).run_step, world, STAKE, gen=1)
    assert again.state is StepState.COMPLETED
    assert ((await world.movement(0)).state, (await world.movement(1)).state) == (
        "released",
        "confirmed",
    )


async def test_while_nobody_can_tell_the_step_is_unknown_and_keeps_its_hold(
    world: World,
) -> None:
    """The wait says: sent, outcome unknown; do not repeat by hand."""
    await sent(world, Answer(breaks=True))
    world.ics.down = True
    with pytest.raises(ApplicationError, match="do not repeat by hand"):
        await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    movement = await world.movement()
    assert (movement.state, movement.bucket) == ("unknown", "in_flight")
    assert await world.state(STAKE) is StepState.UNKNOWN
    async with world.db.read() as session:
        (wait,) = await waits.of_run(session, RUN)
    assert wait.waiting_for.startswith(UNKNOWN)


async def test_a_movement_that_is_still_held_was_never_sent(world: World) -> None:
    """The attempt was cancelled before its claim: run it again, same generation's proof."""
    result = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert result.end is StepEnd.NOT_EXECUTED
    assert world.ics.posts == []


async def test_a_persons_resolution_ends_an_unknown(world: World) -> None:
    """The row is the proof where ICS cannot give one."""
    await sent(world, Answer(breaks=True, outcome="in_progress"))
    async with world.db.write() as session:
        session.add(
            CommandRow(
                run_id=RUN,
                subject=commands.resolution_subject(STAKE.id, 0),
                verdict="executed",
                actor="governance",
                created_at=world.clock(),
            )
        )
    result = await attempt(Reconcile(world.deps).reconcile, world, STAKE)
    assert result.state is StepState.COMPLETED
    assert (await world.movement()).state == "confirmed"


async def test_a_look_that_finds_nothing_says_what_it_waits_for(world: World) -> None:
    """The delay is ICS's; lines come once though each look repeats the stream."""
    waiting = Answer(b"still open\n", outcome="waiting", retry_after=5, waiting_for="a submission")
    found = Answer(b"still open\nsubmitted\n", outputs={"jobId": "7"})
    world.ics.script["await_submission"] = [waiting, waiting, found]
    look = Look(world.deps).look
    for _ in range(2):
        with pytest.raises(ApplicationError) as caught:
            await attempt(look, world, COLLECT)
        assert caught.value.next_retry_delay is not None
        assert caught.value.next_retry_delay.total_seconds() == 5
    assert await world.state(COLLECT) is StepState.WAITING
    assert (await attempt(look, world, COLLECT)).outputs == {"jobId": "7"}
    assert await world.text() == b"still open\nsubmitted\n"
    async with world.db.read() as session:
        assert await waits.of_run(session, RUN) == []
