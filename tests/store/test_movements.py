"""Tokens move at most once, and every amount is in exactly one place."""

import asyncio
from typing import get_args

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from onebox.errors import RunNotFound, StepNotFound
from onebox.models import RunState
from store import movements, runs
from store.budgets import DayBudget
from store.database import Database
from store.movements import AlreadyClaimed, Buckets
from store.tables import MovementRow
from store.transitions import Target, move
from tests.store.made import (
    DIGEST,
    NOW,
    admitted,
    claim,
    day_and_buckets,
    movement_row,
    run_row,
    settle,
)
from tests.store.race import race

STATES = {
    "held": "held",
    "sent": "in_flight",
    "unknown": "in_flight",
    "confirmed": "settled",
    "rejected": "held",
    "not_executed": "held",
    "released": "released",
}
ALLOWED = {
    "held": {"sent", "released"},
    "sent": {"confirmed", "rejected", "not_executed", "unknown"},
    "unknown": {"confirmed", "rejected", "not_executed"},
    "rejected": {"released"},
    "not_executed": {"released"},
    "confirmed": set(),
    "released": set(),
}
TARGETS: tuple[Target, ...] = get_args(Target)


async def test_a_claim_freezes_what_is_sent(db: Database) -> None:
    """After the claim the row names fence, digest, deadline, verdict and moment."""
    run_id = await admitted(db)
    assert await claim(db, run_id) == 1
    row = await movement_row(db, run_id)
    assert (row.state, row.bucket, row.fence, row.digest) == ("sent", "in_flight", 1, DIGEST)
    assert (row.not_after, row.first_sent_at, row.verdict_ref) == (NOW + 20, NOW, "v")


async def test_a_second_claim_is_refused(db: Database) -> None:
    """Claiming twice tells the state, the fence and the deadline of the first claim."""
    run_id = await admitted(db)
    await claim(db, run_id)
    with pytest.raises(AlreadyClaimed) as refused:
        await claim(db, run_id)
    error = refused.value
    assert (error.state, error.fence, error.not_after) == ("sent", 1, NOW + 20)


async def test_one_of_many_concurrent_claims_wins(db: Database, other_db: Database) -> None:
    """Eight claims through two engines: one fence, seven refusals."""
    run_id = await admitted(db)
    answers = await asyncio.gather(
        *(claim(d, run_id) for d in [db, other_db] * 4), return_exceptions=True
    )
    assert [a for a in answers if isinstance(a, int)] == [1]
    assert sum(isinstance(a, AlreadyClaimed) for a in answers) == 7


async def test_one_of_two_claiming_processes_wins(db: Database, migrated_url: str) -> None:
    """The same between processes."""
    run_id = await admitted(db)
    answers = await race(migrated_url, ("claim", run_id), ("claim", run_id))
    assert sorted(answers) == ["already sent", "fence 1"]


@pytest.mark.parametrize("state", STATES)
async def test_only_listed_transitions_happen(db: Database, state: str) -> None:
    """From each state a movement reaches what the list allows, and nothing else."""
    run_id = await admitted(db)
    reached = {target for target in TARGETS if await _reaches(db, run_id, state, target)}
    assert reached == ALLOWED[state]


async def _reaches(db: Database, run_id: str, state: str, target: Target) -> bool:
    async with db.write() as s:
        await s.execute(update(MovementRow).values(state=state, bucket=STATES[state]))
        row = await movements.load(s, run_id, "post_job", 0)
        moved = await move(s, row, target, bucket=STATES[target])
        assert (await movements.load(s, run_id, "post_job", 0)).state == (
            target if moved else state
        )
        return moved


async def test_the_database_refuses_a_state_in_a_wrong_bucket(db: Database) -> None:
    """The last wall: no row says unknown and released."""
    await admitted(db)
    with pytest.raises(IntegrityError):
        async with db.write() as s:
            await s.execute(text("UPDATE movement SET state = 'unknown', bucket = 'released'"))


async def test_a_confirmed_escrow_is_spent_on_its_day(db: Database) -> None:
    """Confirmed moves held to spent; the bucket is escrowed until the job pays out."""
    run_id = await admitted(db, {"post_job": 50})
    assert await settle(db, run_id, await claim(db, run_id), "confirmed", job_id="7")
    assert await day_and_buckets(db) == (DayBudget(0, 50), Buckets(escrowed=50))
    async with db.write() as s:
        assert await movements.close_escrow(s, "8") == 0
        assert await movements.close_escrow(s, "7") == 1
        assert await movements.close_escrow(s, "7") == 0
    assert await day_and_buckets(db) == (DayBudget(0, 50), Buckets(settled=50))


async def test_a_confirmed_stake_is_settled(db: Database) -> None:
    """Only an escrow waits in a bucket of its own."""
    run_id = await admitted(db, {"post_job": 50}, purpose="stake")
    await settle(db, run_id, await claim(db, run_id), "confirmed")
    assert await day_and_buckets(db) == (DayBudget(0, 50), Buckets(settled=50))


async def test_a_second_settlement_changes_nothing(db: Database) -> None:
    """The first outcome stands, and the day is charged once."""
    run_id = await admitted(db, {"post_job": 50})
    fence = await claim(db, run_id)
    assert await settle(db, run_id, fence, "confirmed")
    assert not await settle(db, run_id, fence, "confirmed")
    assert not await settle(db, run_id, fence, "rejected")
    assert (await day_and_buckets(db))[0] == DayBudget(0, 50)


async def test_concurrent_settlements_charge_once(db: Database, other_db: Database) -> None:
    """Six settlements of one fence: one changes the row."""
    run_id = await admitted(db, {"post_job": 50})
    fence = await claim(db, run_id)
    answers = await asyncio.gather(
        *(settle(d, run_id, fence, "confirmed") for d in [db, other_db] * 3)
    )
    assert answers.count(True) == 1
    assert (await day_and_buckets(db))[0] == DayBudget(0, 50)


@pytest.mark.parametrize("outcome", ["confirmed", "rejected", "not_executed", "unknown"])
async def test_a_settlement_with_an_old_fence_is_refused(
    db: Database, outcome: movements.Outcome
) -> None:
    """Whoever does not hold the row's fence cannot say what became of it."""
    run_id = await admitted(db)
    fence = await claim(db, run_id)
    assert not await settle(db, run_id, fence - 1, outcome)
    assert not await settle(db, run_id, fence + 1, outcome)
    assert (await movement_row(db, run_id)).state == "sent"


async def test_unknown_keeps_its_hold(db: Database) -> None:
    """Nothing gives an unknown amount back: not a repeat, not the end of the run."""
    run_id = await admitted(db, {"post_job": 50})
    fence = await claim(db, run_id)
    assert await settle(db, run_id, fence, "unknown")
    assert not await settle(db, run_id, fence, "unknown")
    with pytest.raises(runs.RunNotSettled):
        async with db.write() as s:
            await runs.finish(
                s, run_id, state=RunState.FAILED, failed_step=None, error=None, now=NOW
            )
    assert await day_and_buckets(db) == (DayBudget(50, 0), Buckets(in_flight=50))
    assert await settle(db, run_id, fence, "confirmed")
    assert await day_and_buckets(db) == (DayBudget(0, 50), Buckets(escrowed=50))


async def test_open_in_lists_what_is_unclear(db: Database) -> None:
    """Sent and unknown movements are open, others are not."""
    run_id = await admitted(db, {"a": 1, "b": 2, "c": 3})
    await claim(db, run_id, "a")
    await settle(db, run_id, await claim(db, run_id, "b"), "unknown", step_id="b")
    async with db.read() as s:
        assert [row.step_id for row in await movements.open_in(s, run_id)] == ["a", "b"]
        assert len(await movements.of_run(s, run_id)) == 3


async def test_a_movement_that_is_not_there_is_named(db: Database) -> None:
    """Neither an unknown step nor an unknown run can be claimed."""
    run_id = await admitted(db)
    with pytest.raises(StepNotFound):
        await claim(db, run_id, "no_such_step")
    with pytest.raises(RunNotFound):
        await claim(db, "run_none")


async def test_claims_and_settlements_show(db: Database) -> None:
    """Each bumps the run's version once; a refused one does not."""
    run_id = await admitted(db)
    before = (await run_row(db, run_id)).version
    fence = await claim(db, run_id)
    await settle(db, run_id, fence + 1, "confirmed")
    await settle(db, run_id, fence, "confirmed")
    assert (await run_row(db, run_id)).version == before + 2
