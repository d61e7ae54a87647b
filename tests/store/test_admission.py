"""One run a plan, and never more held than the day allows."""

import asyncio

import pytest
from sqlalchemy import func, select

from store import plans, runs
from store.budgets import DailyBudgetExceeded, DayBudget
from store.database import Database
from store.tables import MovementRow, RunRow, StepRow
from tests.store.made import (
    NOW,
    TENANT,
    TODAY,
    admission_of,
    admit,
    admitted,
    day_and_buckets,
    plan_with,
    run_row,
)
from tests.store.race import race


async def test_admission_stores_run_steps_and_holds(db: Database) -> None:
    """An admitted run is pending, its steps in plan order, its movements held."""
    run_id = await admitted(db, {"b": 7, "a": 0})
    run = await run_row(db, run_id)
    assert (run.state, run.root_run_id, run.day, run.workflow_started_at) == (
        "pending",
        run_id,
        TODAY,
        None,
    )
    async with db.read() as s:
        steps = (await s.scalars(select(StepRow).order_by(StepRow.position))).all()
        moves = (await s.scalars(select(MovementRow).order_by(MovementRow.step_id))).all()
    assert [(row.step_id, row.state) for row in steps] == [("b", "pending"), ("a", "pending")]
    assert [(row.step_id, row.amount, row.state) for row in moves] == [
        ("a", "0", "held"),
        ("b", "7", "held"),
    ]


async def test_twelve_concurrent_admissions_of_a_plan_make_one_run(
    db: Database, other_db: Database
) -> None:
    """All twelve get the same run, one of them made it, and the hold is taken once."""
    admission = admission_of(plan_with(), {"post_job": 5})
    await _save(db, admission_of(plan_with(), {}))

    async def one(database: Database) -> tuple[str, bool]:
        async with database.write() as s:
            run, is_new = await runs.admit(s, admission)
            return run.run_id, is_new

    answers = await asyncio.gather(*(one(d) for d in [db, other_db] * 6))
    assert len({run_id for run_id, _ in answers}) == 1
    assert [is_new for _, is_new in answers].count(True) == 1
    assert (await day_and_buckets(db))[0] == DayBudget(held=5, spent=0)


async def test_admissions_of_one_plan_on_two_days_make_one_run(
    db: Database, other_db: Database
) -> None:
    """At midnight the two lock different days; still one wins and one hold is taken."""
    await _save(db, admission_of(plan_with(), {}))

    async def one(database: Database, day: str) -> bool:
        async with database.write() as s:
            return (await runs.admit(s, admission_of(plan_with(), {"post_job": 5}, day=day)))[1]

    answers = await asyncio.gather(one(db, "2026-11-20"), one(other_db, "2026-11-21"))
    assert sorted(answers) == [False, True]
    async with db.read() as s:
        assert await s.scalar(select(func.count()).select_from(MovementRow)) == 1


async def test_concurrent_admissions_take_exactly_what_fits(
    db: Database, other_db: Database
) -> None:
    """Of three plans of 40 under a cap of 100, two are admitted and one is refused."""
    wanted = [admission_of(plan_with(nonce=n), {"post_job": 40}, cap=100) for n in ("a", "b", "c")]
    databases = [db, other_db, db]
    answers = await asyncio.gather(
        *(admit(d, a) for d, a in zip(databases, wanted, strict=True)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, DailyBudgetExceeded)]
    assert [(error.limit, error.used, error.asked) for error in refused] == [(100, 80, 40)]
    assert (await day_and_buckets(db))[0].used == 80


async def test_processes_admit_exactly_what_fits(db: Database, migrated_url: str) -> None:
    """The same between three processes: two fit, and the ledger shows two."""
    for nonce in "abc":
        await _save(db, admission_of(plan_with(nonce=nonce), {}))
    answers = await race(migrated_url, *(("admit", nonce, "40", "100") for nonce in "abc"))
    assert sorted(answer.split()[0] for answer in answers) == ["exceeded", "new", "new"]
    day, buckets = await day_and_buckets(db)
    assert day == DayBudget(held=80, spent=0)
    assert buckets.admitted == 80


async def test_processes_admit_one_plan_once(db: Database, migrated_url: str) -> None:
    """Three processes that execute the same plan get the same run."""
    await _save(db, admission_of(plan_with(), {}))
    answers = await race(migrated_url, *[("admit", "n", "40", "100")] * 3)
    assert sorted(answer.split()[0] for answer in answers) == ["known", "known", "new"]
    assert len({answer.split()[1] for answer in answers}) == 1


async def test_a_refused_admission_leaves_nothing(db: Database) -> None:
    """One base unit too much: no run, no steps, no hold."""
    await admitted(db, {"post_job": 60}, nonce="first")
    with pytest.raises(DailyBudgetExceeded):
        await admit(db, admission_of(plan_with(nonce="second"), {"post_job": 41}, cap=100))
    async with db.read() as s:
        assert await s.scalar(select(func.count()).select_from(RunRow)) == 1
    assert (await day_and_buckets(db))[0].held == 60
    _, is_new = await admit(db, admission_of(plan_with(nonce="third"), {"post_job": 40}, cap=100))
    assert is_new


async def test_a_plan_that_moves_nothing_fits_a_full_day(db: Database) -> None:
    """A day that is over a lowered cap still admits what holds nothing."""
    await admitted(db, {"post_job": 60}, nonce="first")
    _, is_new = await admit(db, admission_of(plan_with(nonce="0"), {"apply_job": 0}, cap=10))
    assert is_new


async def test_amounts_beyond_64_bits_are_exact(db: Database) -> None:
    """Base units of a trillion tokens add up to the last digit."""
    big = 10**30 + 1
    first = admission_of(plan_with(nonce="a"), {"post_job": big}, cap=2 * big)
    second = admission_of(plan_with(nonce="b"), {"post_job": big}, cap=2 * big)
    await admit(db, first)
    await admit(db, second)
    assert (await day_and_buckets(db))[0].held == 2 * big


async def test_of_plan_is_none_before_admission(db: Database) -> None:
    """A plan without a run has none."""
    plan = plan_with()
    async with db.write() as s:
        await plans.save(s, plan, tenant=TENANT, user_id="u", input_text=None, now=NOW)
        assert await runs.of_plan(s, plan.plan_id) is None


async def _save(db: Database, admission: runs.Admission) -> None:
    async with db.write() as s:
        await plans.save(
            s, admission.plan, tenant=TENANT, user_id="operator", input_text=None, now=NOW
        )
