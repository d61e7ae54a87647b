"""Where admitted tokens are: each amount in exactly one bucket."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.budgets import TOKEN
from store.tables import MovementRow


class Buckets(NamedTuple):
    """Base units per bucket.

    Held plus in flight is what the day holds, escrowed plus settled what it has spent.
    """

    held: int = 0
    in_flight: int = 0
    escrowed: int = 0
    settled: int = 0
    released: int = 0

    @property
    def admitted(self) -> int:
        """The sum of all buckets: what admissions have taken."""
        return sum(self)


async def buckets(s: AsyncSession, tenant: str, day: str, token: str = TOKEN) -> Buckets:
    """The tenant's movements of one UTC day by bucket.

    Of the generations of a step only the newest counts: it took the hold over.
    """
    query = select(MovementRow).where(
        MovementRow.tenant == tenant, MovementRow.token == token, MovementRow.day == day
    )
    rows = await s.scalars(
        query.order_by(MovementRow.gen).execution_options(populate_existing=True)
    )
    newest = {(row.run_id, row.step_id): row for row in rows}
    sums = dict.fromkeys(Buckets._fields, 0)
    for row in newest.values():
        sums[row.bucket] += int(row.amount)
    return Buckets(**sums)
