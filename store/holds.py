"""Holds: tokens set aside at admission, handed on, given back. A held movement was never sent."""

from collections import Counter

from sqlalchemy.ext.asyncio import AsyncSession

from store import budgets
from store.budgets import Day
from store.tables import MovementRow
from store.transitions import AlreadyClaimed, day_of, move, of_run


def held(  # noqa: PLR0913, PLR0917  a movement's key, day and amount
    run_id: str, step_id: str, gen: int, day: Day, purpose: str, amount: int
) -> MovementRow:
    """A new movement of `amount` base units, set aside and not sent."""
    return MovementRow(
        run_id=run_id,
        step_id=step_id,
        gen=gen,
        **day._asdict(),
        purpose=purpose,
        amount=str(amount),
        state="held",
        bucket="held",
    )


async def renew(s: AsyncSession, run_id: str, step_id: str, gen: int) -> None:
    """Hand the hold of the generation before to this one; the old one can never be sent.

    Does nothing for a step that moves no tokens, or when this generation is there already.

    Raises:
        AlreadyClaimed: the generation before has moved tokens, may have, or was given back.
    """
    rows = {row.gen: row for row in await of_run(s, run_id) if row.step_id == step_id}
    if not rows or gen in rows:
        return
    last = rows[max(rows)]
    if not await move(s, last, "released", bucket="released"):
        raise AlreadyClaimed(last.state, last.fence, last.not_after)
    s.add(held(run_id, step_id, gen, day_of(last), last.purpose, int(last.amount)))
    await s.flush()


async def release(s: AsyncSession, run_id: str) -> None:
    """Give the day back whatever the run holds and has not sent."""
    amounts: Counter[Day] = Counter()
    for row in await of_run(s, run_id):
        if await move(s, row, "released", bucket="released"):
            amounts[day_of(row)] += int(row.amount)
    for day, amount in sorted(amounts.items()):
        await budgets.release(s, day, amount)
