"""A worker dies in the middle of each activity, or loses its store; the next attempt goes on.

Each test lives the same step again and again: the first time its process dies at its first
outside call, then at its second, until a life is too short for another crash; and likewise with
a connection that is lost before each commit, after it, and before each look.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from activities.look import Look
from activities.record_end import RecordEnd
from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.errors import StoreUnavailable
from onebox.models import RunState, Step, StepState
from onebox.run import Phase, RunEnd
from store.tables import RunRow
from tests.activities.conftest import COLLECT, SCREEN, STAKE, World
from tests.support.fake_ics import Answer
from tests.workflows.crashes import Crash
from tests.workflows.lives import Life

MOST = 80
STAKED = Answer(b"one\ntwo\n", outputs={"amount": "20.00"})
LOOKED = [
    Answer(b"open\n", outcome="waiting", retry_after=1, waiting_for="a submission"),
    Answer(b"open\ndone\n", outputs={"jobId": "7"}),
]


@dataclass(frozen=True)
class Lives:
    """Lives a step again and again."""

    world: World
    url: str
    fault: type[BaseException]

    async def __call__(self, step: Step, story: Callable[[Life], Awaitable[None]]) -> int:
        """Struck at each of its moments; how many moments it has."""
        for at in range(1, MOST):
            life = Life(self.world, self.url, step, at, self.fault)
            await story(life)
            await life.deps.db.close()
            if not life.fuse.blown:
                return at - 1
        raise AssertionError("a life has too many moments")

    def floor(self, killed: int, lost: int) -> int:
        """More moments than this must have been tried: a lost store strikes at fewer."""
        return killed if self.fault is Crash else lost


@pytest.fixture(params=[Crash, StoreUnavailable], ids=["killed", "lost"])
def lives(request: pytest.FixtureRequest, world: World, migrated_url: str) -> Lives:
    """With a process that dies, or a store that is lost for a moment."""
    return Lives(world, migrated_url, request.param)


async def test_a_step_that_may_be_repeated_is_done_and_told_once(lives: Lives) -> None:
    """run_step of a pure step."""

    async def story(life: Life) -> None:
        await life.begin()
        life.ics.script["screen"] = [Answer(b"one\ntwo\n", outputs={"warnings": []})]
        result = await life.done(RunStep(life.deps).run_step, life.task())
        assert result.state is StepState.COMPLETED
        assert await life.text() == [b"one", b"two"]

    assert await lives(SCREEN, story) > lives.floor(8, 3)


async def test_money_moves_once(lives: Lives) -> None:
    """run_step and reconcile of a step that was approved with its plan."""

    async def story(life: Life) -> None:
        await life.begin()
        life.ics.script["stake"] = [STAKED]
        assert (await life.move()).state is StepState.COMPLETED
        assert life.effects() == 1
        assert [row.state for row in await life.movements()][-1] == "confirmed"
        assert sum(row.state == "confirmed" for row in await life.movements()) == 1
        assert await life.text() == [b"one", b"two"]

    assert await lives(STAKE, story) > lives.floor(12, 7)


async def test_money_is_asked_for_once_and_moves_once(lives: Lives) -> None:
    """The preview, the answer, the send."""

    async def story(life: Life) -> None:
        await life.begin(approved=False)
        life.ics.script["stake:dry"] = [Answer(b"shown\n", outcome="dry_run")]
        life.ics.script["stake"] = [STAKED]
        assert (await life.move()).state is StepState.COMPLETED
        assert await life.text(Phase.PREVIEW) == [b"shown"]
        assert life.effects() == 1
        assert sum(row.state == "confirmed" for row in await life.movements()) == 1

    assert await lives(STAKE, story) > 20


async def test_a_wait_finds_what_it_waits_for_and_tells_it_once(lives: Lives) -> None:
    """look, twice."""

    async def story(life: Life) -> None:
        await life.begin()
        life.ics.script["await_submission"] = list(LOOKED)
        result = await life.done(Look(life.deps).look, life.task())
        assert result.outputs == {"jobId": "7"}
        assert await life.text() == [b"open", b"done"]

    assert await lives(COLLECT, story) > lives.floor(15, 9)


async def test_the_end_of_a_run_is_recorded_once(lives: Lives) -> None:
    """record_end; the hold is given back once."""

    async def story(life: Life) -> None:
        await life.begin()
        end = RunEnd(
            run_id=life.run.run_id,
            plan_id=life.plan.plan_id,
            trace_id=life.run.trace_id,
            state=RunState.CANCELLED,
        )
        await life.done(RecordEnd(life.deps).record_end, end)
        assert await life.state() is RunState.CANCELLED
        assert [row.bucket for row in await life.movements()] == ["released"]

    assert await lives(STAKE, story) == 2


async def test_a_sweep_settles_what_a_terminated_workflow_had_sent(lives: Lives) -> None:
    """sweep, with the reconciliation in it."""

    async def story(life: Life) -> None:
        await life.begin()
        passed, life.fuse.passed = life.fuse.passed, -MOST
        life.ics.script["stake"] = [Answer(b"one\ntwo\n", breaks=True, outputs=STAKED.outputs)]
        await life.done(RunStep(life.deps).run_step, life.task())
        life.fuse.passed = passed
        for key in life.ics.keys:
            life.ics.keys[key] = STAKED
        # What was unclear to a sweep that lost the store, the next one settles.
        for _ in range(lives.floor(1, 2)):
            await life.done(Sweeper(life.deps, _Terminated()).sweep)
        assert await life.state() is RunState.SUCCEEDED
        assert life.effects() == 1
        assert await life.text() == [b"one", b"two"]

    assert await lives(STAKE, story) > lives.floor(10, 8)


class _Terminated:
    """An engine whose workflows were all terminated."""

    async def start(self, run: RunRow, plan: object) -> None:
        """Nothing waits for its start."""
        raise AssertionError(f"{run.run_id} was started before, as was {plan}")

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Nobody listens."""

    async def ended(self, run_id: str) -> str | None:
        """All of them."""
        return "terminated" if run_id else None
