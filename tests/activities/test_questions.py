"""run_step asks before it moves money: shown, answered, and silence rejects."""

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from onebox.models import StepState
from onebox.run import StepEnd, StepResult, StepTask
from store import decisions
from tests.activities.conftest import RUN, STAKE, World
from tests.support.answers import answer
from tests.support.fake_ics import Answer


async def run(world: World, task: StepTask) -> StepResult:
    """One attempt."""
    result: StepResult = await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    return result


async def ask(world: World) -> Any:
    """The stake's question, asked."""
    world.ics.script["stake:dry"] = [Answer("🔍 Deposit stake\n".encode(), outcome="dry_run")]
    result = await run(world, world.task(STAKE, approved=False, preview=True))
    assert result.end is StepEnd.ASKED
    async with world.db.read() as session:
        return await decisions.of_step(session, RUN, STAKE.id, 0)


async def decide(world: World, row: Any, verdict: Any) -> None:
    """A person's answer."""
    async with world.db.write() as session:
        await answer(session, row, verdict, world.clock())


async def test_a_step_that_asks_shows_itself_and_moves_nothing(world: World) -> None:
    """The preview is stored, the question names amount and digest; asking twice asks once."""
    row = await ask(world)
    assert (row.state, row.amount) == ("pending", "20.00")
    assert row.preview == ["🔍 Deposit stake"]
    assert await world.state(STAKE) is StepState.AWAITING_CONFIRMATION
    again = await run(world, world.task(STAKE, approved=False, preview=True))
    assert again.end is StepEnd.ASKED
    assert [post[0]["confirm"] for post in world.ics.posts] == [False]


async def test_without_an_answer_nothing_is_sent(world: World) -> None:
    """A nudge without a verdict goes back to asking."""
    await ask(world)
    assert (await run(world, world.task(STAKE, approved=False))).end is StepEnd.ASKED
    assert (await world.movement()).state == "held"


async def test_a_yes_is_sent_with_its_reference(world: World) -> None:
    """The verdict's row is what ICS is told."""
    row = await ask(world)
    await decide(world, row, "approve")
    result = await run(world, world.task(STAKE, approved=False))
    assert result.state is StepState.COMPLETED
    assert world.ics.posts[-1][1]["verdict-ref"] == f"confirmation:{row.id}"


async def test_a_no_fails_the_step_and_sends_nothing(world: World) -> None:
    """CONFIRMATION_REJECTED names who said so."""
    await decide(world, await ask(world), "reject")
    result = await run(world, world.task(STAKE, approved=False))
    assert result.error is not None
    assert (result.error.code, "approver" in result.error.message) == (
        "CONFIRMATION_REJECTED",
        True,
    )
    assert all(not post[0]["confirm"] for post in world.ics.posts)


async def test_silence_rejects(world: World) -> None:
    """After its time the question is a no, whoever asks."""
    await ask(world)
    world.clock.now += 3601
    result = await run(world, world.task(STAKE, approved=False))
    assert result.error is not None
    assert result.error.code == "CONFIRMATION_EXPIRED"
    assert (await world.movement()).state == "held"


async def test_a_dry_run_that_fails_ends_the_step_before_anyone_is_asked(world: World) -> None:
    """No question about what cannot work."""
    error = {"code": "INSUFFICIENT_BALANCE", "message": "top up"}
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="rejected", error=error)]
    result = await run(world, world.task(STAKE, approved=False, preview=True))
    assert result.error is not None
    assert result.error.code == "INSUFFICIENT_BALANCE"


async def test_an_answer_given_before_the_question_is_heard_at_once(world: World) -> None:
    """After a reset the step asks again what was answered: it does not wait for the expiry."""
    await decide(world, await ask(world), "approve")
    again = await run(world, world.task(STAKE, approved=False, preview=True))
    assert (again.end, again.ask_until) == (StepEnd.ASKED, world.clock())


@pytest.mark.parametrize("code", ["CHAIN_UNAVAILABLE", "INTERNAL_ERROR"])
async def test_a_preview_that_broke_off_is_asked_for_again(world: World, code: str) -> None:
    """An outage of the node or of ICS ends no run: the step waits, then asks its question."""
    broke = Answer(outcome="failed", error={"code": code, "message": "broke off"})
    world.ics.script["stake:dry"] = [broke, Answer(b"shown\n", outcome="dry_run")]
    task = world.task(STAKE, approved=False, preview=True)
    with pytest.raises(ApplicationError):
        await run(world, task)
    assert await world.state(STAKE) is StepState.WAITING
    assert (await run(world, task)).end is StepEnd.ASKED
