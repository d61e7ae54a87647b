"""Cancels and resolutions: first a row, then a signal. The first answer wins."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import CommandRow


def resolution_subject(step_id: str, gen: int) -> str:
    """The subject under which one generation of a step is resolved, once."""
    return f"resolution:{step_id}:{gen}"


async def resolution_of(
    session: AsyncSession, run_id: str, step_id: str, gen: int
) -> CommandRow | None:
    """A person's word on an unknown movement, marked as heard."""
    subject = resolution_subject(step_id, gen)
    row = await session.scalar(
        select(CommandRow).where(CommandRow.run_id == run_id, CommandRow.subject == subject)
    )
    if row is not None:
        row.heard = True
    return row
