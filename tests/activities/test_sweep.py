"""The sweep starts, expires and nudges: each case fails without it."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities.run_step import RunStep
from activities.sweep import GRACE_SECONDS
from onebox.errors import TemporalUnavailable
from onebox.models import RunState
from store import decisions
from tests.activities.conftest import RUN, STAKE, World
from tests.activities.swept import (
    FakeEngine,
    expires,
    run_row,
    started,
    sweep,
)
from tests.support.answers import answer
from tests.support.fake_ics import Answer


async def test_an_admitted_run_that_never_started_is_started(world: World) -> None:
    """The run row is the outbox; after the grace it is started, and only once."""
    engine = FakeEngine()
    await expires(world, world.clock() + 60)
    await sweep(world, engine)
    assert engine.started == []
    world.clock.now += GRACE_SECONDS + 1
    await sweep(world, engine)
    await sweep(world, engine)
    assert engine.started == [RUN]


async def test_a_question_past_its_time_is_expired_and_its_run_is_told(world: World) -> None:
    """Nobody answers and the workflow's own timer is lost: the sweep says no."""
    await started(world)
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    task = world.task(STAKE, approved=False, preview=True)
    await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    world.clock.now += 3601
    engine = FakeEngine()
    await sweep(world, engine)
    async with world.db.read() as session:
        row = await decisions.of_step(session, RUN, STAKE.id, 0)
    assert row is not None
    assert row.state == "expired"
    assert engine.nudged == [(RUN, STAKE.id)]


async def test_a_nudge_is_repeated_until_it_is_heard(world: World) -> None:
    """The answer was stored while no worker ran."""
    await started(world)
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    step = RunStep(world.deps).run_step
    await ActivityEnvironment().run(step, world.task(STAKE, approved=False, preview=True))
    async with world.db.write() as session:
        row = await decisions.of_step(session, RUN, STAKE.id, 0)
        await answer(session, row, "approve", world.clock())
    engine = FakeEngine()
    await sweep(world, engine)
    assert engine.nudged == [(RUN, STAKE.id)]
    await ActivityEnvironment().run(step, world.task(STAKE, approved=False))
    await sweep(world, engine)
    assert len(engine.nudged) == 1


async def test_a_plan_that_expired_before_its_run_could_start_is_not_run(world: World) -> None:
    """Temporal was away for a day: nothing was sent, the hold goes back, the run says why."""
    engine = FakeEngine(how="vanished")
    world.clock.now += GRACE_SECONDS + 1
    await expires(world, world.clock() - 1)
    await sweep(world, engine)
    row = await run_row(world)
    assert (row.state, (row.error or {})["code"]) == (RunState.FAILED, "PLAN_EXPIRED")
    assert row.workflow_started_at is not None
    assert engine.started == []
    assert (await world.movement()).state == "released"


async def test_an_expired_plan_ends_no_run_that_the_engine_has(world: World) -> None:
    """The process died after the start and before it could note it."""
    world.clock.now += GRACE_SECONDS + 1
    await expires(world, world.clock() - 1)
    await sweep(world, FakeEngine(how=None))
    row = await run_row(world)
    assert not RunState(row.state).final
    assert row.workflow_started_at is not None


async def test_one_run_that_cannot_be_helped_keeps_no_other_waiting(world: World) -> None:
    """The start fails; the question of the run is expired and nudged all the same."""
    world.ics.script["stake:dry"] = [Answer(b"x\n", outcome="dry_run")]
    task = world.task(STAKE, approved=False, preview=True)
    await ActivityEnvironment().run(RunStep(world.deps).run_step, task)
    world.clock.now += 3601
    await expires(world, world.clock() + 60)
    engine = FakeEngine(down=True)
    with pytest.raises(TemporalUnavailable):
        await sweep(world, engine)
    assert engine.nudged == [(RUN, STAKE.id)]
