"""A person's answer to the question of a step: the row, without its nudge."""

from sqlalchemy.ext.asyncio import AsyncSession

from store import decisions
from store.decisions import Verdict
from store.tables import DecisionRow


async def answer(s: AsyncSession, row: DecisionRow | None, verdict: Verdict, now: float) -> None:
    """The approver of the tenant says so at this time (unix seconds)."""
    assert row is not None
    await decisions.decide(
        s,
        row.id,
        "acme",
        verdict=verdict,
        digest=row.digest,
        actor="approver",
        comment=None,
        now=now,
    )
