"""Plans, admissions and runs for the tests of the store."""

from collections.abc import Mapping

from onebox.digest import run_id_of
from onebox.holds import Hold
from onebox.models import OrchestrationPlan
from store import budgets, decisions, movements, plans, runs, steps
from store.admission import Admission
from store.budgets import Day, DayBudget
from store.database import Database
from store.tables import DecisionRow, MovementRow, RunRow, StepRow
from tests.support.builders import plan_of, step

TENANT = "acme"
TODAY = "2026-11-20"
DAY = Day(TENANT, "AGIALPHA", TODAY)
NOW = 1_795_132_800.0
DIGEST = "d" * 64
ESCROW = {"post_job": 52_500_000_000_000_000_000}
AMPLE = 10**30


def plan_with(*step_ids: str, nonce: str = "n") -> OrchestrationPlan:
    """A plan of independent steps."""
    return plan_of(*(step(step_id) for step_id in step_ids or ("post_job",)), nonce=nonce)


def admission_of(
    plan: OrchestrationPlan,
    amounts: Mapping[str, int],
    *,
    cap: int = AMPLE,
    day: str = TODAY,
    purpose: str = "escrow",
) -> Admission:
    """An admission that holds the given base units per step."""
    holds = [Hold(step_id, purpose, amount) for step_id, amount in amounts.items()]
    return Admission(
        run_id_of(plan.plan_id), plan, TENANT, "operator", day, cap, holds, [], {}, NOW
    )


async def admit(db: Database, admission: Admission) -> tuple[RunRow, bool]:
    """Store the plan and admit it, each in a transaction of its own."""
    async with db.write() as s:
        await plans.save(
            s,
            admission.plan,
            tenant=admission.tenant,
            user_id=admission.user_id,
            input_text=None,
            now=admission.now,
        )
    async with db.write() as s:
        return await runs.admit(s, admission)


async def admitted(
    db: Database,
    amounts: Mapping[str, int] = ESCROW,
    *,
    nonce: str = "n",
    purpose: str = "escrow",
) -> str:
    """The id of a fresh run whose steps are those that hold the amounts."""
    plan = plan_with(*amounts, nonce=nonce)
    run, is_new = await admit(db, admission_of(plan, amounts, purpose=purpose))
    assert is_new
    return run.run_id


async def claim(db: Database, run_id: str, step_id: str = "post_job", gen: int = 0) -> int:
    """Claim a movement; its fence."""
    async with db.write() as s:
        return await movements.claim(
            s, run_id, step_id, gen, digest=DIGEST, not_after=NOW + 20, verdict_ref="v", now=NOW
        )


async def settle(  # noqa: PLR0913  a movement's key and outcome
    db: Database,
    run_id: str,
    fence: int,
    outcome: movements.Outcome,
    *,
    step_id: str = "post_job",
    gen: int = 0,
    job_id: str | None = None,
) -> bool:
    """Settle a movement; whether that changed it."""
    async with db.write() as s:
        return await movements.settle(
            s, run_id, step_id, gen, fence, outcome=outcome, job_id=job_id, now=NOW
        )


async def begin(db: Database, run_id: str, step_id: str = "post_job", gen: int = 0) -> bool:
    """Begin a generation of a step."""
    async with db.write() as s:
        return (await steps.begin(s, run_id, step_id, gen, NOW)).open


async def ask(db: Database, run_id: str, *, gen: int = 0, expires_at: float = NOW + 60) -> str:
    """Ask the question of post_job; its id."""
    async with db.write() as s:
        row: DecisionRow = await decisions.ask(
            s,
            id=f"cnf_{run_id[4:20]}_{gen}",
            run_id=run_id,
            step_id="post_job",
            gen=gen,
            tenant=TENANT,
            plan_id="p" * 64,
            tool="job.post",
            digest=DIGEST,
            question="Post the job?",
            preview=["one", "two\u0000"],
            amount="52.50",
            payee=None,
            now=NOW,
            expires_at=expires_at,
        )
        return row.id


async def run_row(db: Database, run_id: str) -> RunRow:
    """The run as stored."""
    async with db.read() as s:
        return await runs.load(s, run_id, None)


async def step_row(db: Database, run_id: str, step_id: str = "post_job") -> StepRow:
    """The step as stored."""
    async with db.read() as s:
        return await steps.load(s, run_id, step_id)


async def movement_row(
    db: Database, run_id: str, step_id: str = "post_job", gen: int = 0
) -> MovementRow:
    """The movement as stored."""
    async with db.read() as s:
        return await movements.load(s, run_id, step_id, gen)


async def day_and_buckets(db: Database) -> tuple[DayBudget, movements.Buckets]:
    """What today's row says, and what its movements say."""
    async with db.read() as s:
        return await budgets.load(s, TENANT, TODAY), await movements.buckets(s, TENANT, TODAY)
