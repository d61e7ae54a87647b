"""How a movement may change: one table of transitions, one door to `state`."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.budgets import Day
from store.guard import changed
from store.tables import MovementRow

Target = Literal["sent", "confirmed", "rejected", "not_executed", "unknown", "released"]

# Sent, and nobody knows yet whether tokens moved.
UNCLEAR = ("sent", "unknown")
_BEFORE: dict[Target, tuple[str, ...]] = {
    "sent": ("held",),
    "unknown": ("sent",),
    "confirmed": UNCLEAR,
    "rejected": UNCLEAR,
    "not_executed": UNCLEAR,
    "released": ("held", "rejected", "not_executed"),
}

_OF_RUN = (
    select(MovementRow)
    .where(MovementRow.run_id == bindparam("of_run"))
    .order_by(MovementRow.step_id, MovementRow.gen)
    .execution_options(populate_existing=True)
)


class AlreadyClaimed(Exception):  # noqa: N818  says what happened; the engine acts on it
    """This generation was sent before, or may not be sent any more: reconcile it."""

    def __init__(self, state: str, fence: int, not_after: float | None) -> None:
        super().__init__(f"the movement is {state}")
        self.state = state
        self.fence = fence
        self.not_after = not_after


async def move(
    s: AsyncSession, row: MovementRow, target: Target, **values: str | float | None
) -> bool:
    """Change a movement that still has the fence of `row` and may go there; else false."""
    statement = update(MovementRow).where(
        MovementRow.run_id == row.run_id,
        MovementRow.step_id == row.step_id,
        MovementRow.gen == row.gen,
        MovementRow.fence == row.fence,
        MovementRow.state.in_(_BEFORE[target]),
    )
    return await changed(s, statement.values(state=target, **values)) == 1


async def of_run(s: AsyncSession, run_id: str) -> Sequence[MovementRow]:
    """The run's movements, by step and generation."""
    return (await s.scalars(_OF_RUN, {"of_run": run_id})).all()


def day_of(row: MovementRow) -> Day:
    """The day that the movement's hold counts against, for ever."""
    return Day(row.tenant, row.token, row.day)
