"""What a tenant holds and has spent on one UTC day; base units as Python ints.

`held` is the sum of its movements in the buckets held and in_flight, `spent` of those in
escrowed and settled. Both are kept on the day of the run's admission, whenever they change.
"""

from typing import NamedTuple

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.guard import done, insert_missing
from store.tables import Base, BudgetDayRow

TOKEN = "AGIALPHA"  # noqa: S105  the name of a currency
_DAY = Base.metadata.tables["budget_day"]
_THE = and_(*(_DAY.c[name] == bindparam(f"of_{name}") for name in ("tenant", "token", "day")))
_LOOK = select(_DAY.c.held, _DAY.c.spent).where(_THE)
_LOCK = _LOOK.with_for_update()
_SET = update(_DAY).where(_THE).values(held=bindparam("now_held"), spent=bindparam("now_spent"))


class DailyBudgetExceeded(Exception):  # noqa: N818  named for the blocker that it becomes
    """The day has no room for what a plan may move; all three in base units."""

    def __init__(self, limit: int, used: int, asked: int) -> None:
        super().__init__(f"{asked} asked, {used} of {limit} used")
        self.limit = limit
        self.used = used
        self.asked = asked


class Day(NamedTuple):
    """Whose maximum, of which token, on which UTC day (YYYY-MM-DD)."""

    tenant: str
    token: str
    day: str


class DayBudget(NamedTuple):
    """Base units held and spent on a day."""

    held: int
    spent: int

    @property
    def used(self) -> int:
        """What counts against the daily maximum."""
        return self.held + self.spent


async def load(s: AsyncSession, tenant: str, day: str, token: str = TOKEN) -> DayBudget:
    """What the tenant holds and has spent; zeros for a day without movements."""
    row = (await s.execute(_LOOK, _key(Day(tenant, token, day)))).one_or_none()
    return DayBudget(0, 0) if row is None else DayBudget(int(row.held), int(row.spent))


async def lock(s: AsyncSession, day: Day) -> DayBudget:
    """The day as it is now, kept from changing until the transaction ends."""
    await insert_missing(s, BudgetDayRow, {**day._asdict(), "held": "0", "spent": "0"})
    row = (await s.execute(_LOCK, _key(day))).one()
    return DayBudget(int(row.held), int(row.spent))


def check_room(budget: DayBudget, asked: int, cap: int) -> None:
    """Refuse what exceeds the day; a plan that moves nothing always fits.

    Raises:
        DailyBudgetExceeded: held + spent + asked is above the cap.
    """
    if asked < 0:
        raise ValueError("a hold is never negative")
    if asked and budget.used + asked > cap:
        raise DailyBudgetExceeded(cap, budget.used, asked)


async def hold(s: AsyncSession, day: Day, amount: int) -> None:
    """Set an admitted amount aside."""
    await _change(s, day, held=amount)


async def capture(s: AsyncSession, day: Day, amount: int) -> None:
    """A held amount has moved: from now on it is spent."""
    await _change(s, day, held=-amount, spent=amount)


async def release(s: AsyncSession, day: Day, amount: int) -> None:
    """A held amount will not move: the day has it back."""
    await _change(s, day, held=-amount)


async def _change(s: AsyncSession, day: Day, *, held: int, spent: int = 0) -> None:
    if not held:
        return
    budget = await lock(s, day)
    if budget.held + held < 0:
        raise ValueError(f"{day} holds {budget.held}, less than {-held}")
    after = {"now_held": str(budget.held + held), "now_spent": str(budget.spent + spent)}
    await done(s, _SET, **_key(day), **after)


def _key(day: Day) -> dict[str, str]:
    return {f"of_{name}": value for name, value in day._asdict().items()}
