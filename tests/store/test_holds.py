"""Holds pass from generation to generation, and the ledger always agrees with its rows."""

import random

import pytest

from onebox.errors import StepNotFound
from onebox.models import RunState
from store import movements, runs
from store.budgets import DayBudget
from store.database import Database
from store.movements import AlreadyClaimed, Buckets
from tests.store.made import (
    NOW,
    admitted,
    begin,
    claim,
    day_and_buckets,
    movement_row,
    settle,
)


@pytest.mark.parametrize("outcome", ["rejected", "not_executed"])
async def test_a_proof_of_nothing_keeps_the_hold_for_the_next_generation(
    db: Database, outcome: movements.Outcome
) -> None:
    """The next generation takes the hold over: claimed anew, admitted once."""
    run_id = await admitted(db, {"post_job": 50})
    await begin(db, run_id)
    await settle(db, run_id, await claim(db, run_id), outcome)
    assert await day_and_buckets(db) == (DayBudget(50, 0), Buckets(held=50))
    assert await begin(db, run_id, gen=1)
    assert await begin(db, run_id, gen=1)
    assert await day_and_buckets(db) == (DayBudget(50, 0), Buckets(held=50))
    with pytest.raises(AlreadyClaimed):
        await claim(db, run_id, gen=0)
    await settle(db, run_id, await claim(db, run_id, gen=1), "confirmed", gen=1)
    assert await day_and_buckets(db) == (DayBudget(0, 50), Buckets(escrowed=50))


async def test_a_held_generation_left_behind_can_never_be_sent(db: Database) -> None:
    """A late attempt of generation 0 cannot claim once generation 1 has begun."""
    run_id = await admitted(db, {"post_job": 50})
    await begin(db, run_id)
    await begin(db, run_id, gen=1)
    with pytest.raises(AlreadyClaimed, match="released"):
        await claim(db, run_id, gen=0)
    assert (await day_and_buckets(db))[1] == Buckets(held=50)


@pytest.mark.parametrize("outcome", [None, "unknown", "confirmed"])
async def test_no_generation_follows_what_may_have_moved(
    db: Database, outcome: movements.Outcome | None
) -> None:
    """After sent, unknown or confirmed there is no next generation."""
    run_id = await admitted(db)
    await begin(db, run_id)
    fence = await claim(db, run_id)
    if outcome is not None:
        await settle(db, run_id, fence, outcome)
    with pytest.raises(AlreadyClaimed):
        await begin(db, run_id, gen=1)
    with pytest.raises(StepNotFound):
        await movement_row(db, run_id, gen=1)


@pytest.mark.parametrize("seed", range(8))
async def test_buckets_always_sum_to_what_was_admitted(db: Database, seed: int) -> None:
    """After any walk through claims, outcomes, generations and ends the ledger agrees."""
    dice = random.Random(seed)  # noqa: S311  reproducible, guards nothing
    ids = [await admitted(db, {"post_job": dice.randrange(10**20)}, nonce=str(n)) for n in range(4)]
    admitted_sum = (await day_and_buckets(db))[1].admitted
    for _ in range(40):
        await _one_deed(db, dice, dice.choice(ids))
        day, buckets = await day_and_buckets(db)
        assert buckets.admitted == admitted_sum
        assert day.held == buckets.held + buckets.in_flight
        assert day.spent == buckets.escrowed + buckets.settled


async def _one_deed(db: Database, dice: random.Random, run_id: str) -> None:
    async with db.read() as s:
        gen = max(row.gen for row in await movements.of_run(s, run_id))
    fence = (await movement_row(db, run_id, gen=gen)).fence
    outcomes: list[movements.Outcome] = ["confirmed", "rejected", "not_executed", "unknown"]
    try:
        match dice.randrange(6):
            case 0 | 1:
                await claim(db, run_id, gen=gen)
            case 2 | 3:
                await settle(db, run_id, fence, dice.choice(outcomes), gen=gen)
            case 4:
                await begin(db, run_id, gen=gen + 1)
            case _ if dice.random() < 0.3:
                await _finish(db, run_id)
    except (AlreadyClaimed, runs.RunNotSettled):
        return


async def _finish(db: Database, run_id: str) -> None:
    async with db.write() as s:
        await runs.finish(
            s, run_id, state=RunState.CANCELLED, failed_step=None, error=None, now=NOW
        )
