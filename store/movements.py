"""Movements of tokens, one per generation of a money step: the guard against moving twice.

What was sent keeps its hold until a proof. What is proved not to have moved keeps it too,
for the next generation of its step (`holds.renew`), until the run ends (`holds.release`).
"""

from typing import Literal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import StepNotFound
from store import budgets
from store.buckets import Buckets, buckets
from store.guard import bump, changed, hold_run
from store.tables import Json, MovementRow
from store.transitions import UNCLEAR, AlreadyClaimed, day_of, move, of_run

__all__ = [
    "AlreadyClaimed",
    "Buckets",
    "buckets",
    "claim",
    "close_escrow",
    "load",
    "of_run",
    "open_in",
    "settle",
]

Outcome = Literal["confirmed", "rejected", "not_executed", "unknown"]


async def claim(  # noqa: PLR0913  a movement's key and what its claim freezes
    s: AsyncSession,
    run_id: str,
    step_id: str,
    gen: int,
    *,
    digest: str,
    not_after: float,
    verdict_ref: str | None,
    now: float,
) -> int:
    """Mark a movement as sent; commit this before the first byte leaves.

    Args:
        s: a write transaction.
        run_id: the run.
        step_id: the money step.
        gen: its generation.
        digest: the step digest, frozen from here on.
        not_after: unix seconds after which ICS refuses the request.
        verdict_ref: whose yes this is.
        now: unix seconds.

    Returns:
        The fence, which settling must name.

    Raises:
        AlreadyClaimed: it is not held (any more).
        StepNotFound: the step has no movement of this generation.
    """
    await hold_run(s, run_id)
    row = await load(s, run_id, step_id, gen)
    fence = row.fence + 1
    sent: Json = {
        "fence": fence,
        "digest": digest,
        "not_after": not_after,
        "verdict_ref": verdict_ref,
    }
    if not await move(s, row, "sent", bucket="in_flight", first_sent_at=now, **sent):
        raise AlreadyClaimed(row.state, row.fence, row.not_after)
    await bump(s, run_id)
    return fence


async def settle(  # noqa: PLR0913  a movement's key, its fence and what became of it
    s: AsyncSession,
    run_id: str,
    step_id: str,
    gen: int,
    fence: int,
    *,
    outcome: Outcome,
    job_id: str | None = None,
    now: float,  # noqa: ARG001  every change of state says when; the row has no place for it yet
) -> bool:
    """Store what became of a sent movement; true when this call changed it.

    `confirmed` turns the hold into a spend of the movement's own day; `rejected` and
    `not_executed` set it aside again for a next generation or the end of the run;
    `unknown` keeps it in flight. False: the fence is old, or it was settled before.

    Raises:
        StepNotFound: the step has no movement of this generation.
    """
    await hold_run(s, run_id)
    row = await load(s, run_id, step_id, gen)
    job: Json = {} if job_id is None else {"job_id": job_id}
    if row.fence != fence or not await move(s, row, outcome, bucket=_bucket(row, outcome), **job):
        return False
    if outcome == "confirmed":
        await budgets.capture(s, day_of(row), int(row.amount))
    await bump(s, run_id)
    return True


async def close_escrow(s: AsyncSession, job_id: str) -> int:
    """The job's escrow is empty: escrowed becomes settled; how many movements that was.

    Whoever ended the job: anybody may reclaim one whose agent was late. What the day has
    spent stays spent, also where the escrow came home.
    """
    escrowed = update(MovementRow).where(
        MovementRow.job_id == job_id,
        MovementRow.state == "confirmed",
        MovementRow.bucket == "escrowed",
    )
    return await changed(s, escrowed.values(bucket="settled"))


async def load(s: AsyncSession, run_id: str, step_id: str, gen: int) -> MovementRow:
    """One movement as it is now.

    Raises:
        StepNotFound: the step has no movement of this generation.
    """
    row = await s.get(MovementRow, (run_id, step_id, gen), populate_existing=True)
    if row is None:
        raise StepNotFound(f"Step {step_id} of {run_id} has no movement {gen}.")
    return row


async def open_in(s: AsyncSession, run_id: str) -> list[MovementRow]:
    """Those of which nobody knows yet whether tokens moved."""
    return [row for row in await of_run(s, run_id) if row.state in UNCLEAR]


def _bucket(row: MovementRow, outcome: Outcome) -> str:
    if outcome == "unknown":
        return "in_flight"
    if outcome != "confirmed":
        return "held"
    return "escrowed" if row.purpose == "escrow" else "settled"
