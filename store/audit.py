"""Who did what."""

from sqlalchemy.ext.asyncio import AsyncSession

from onebox.models import Json, Role
from store.tables import AuditRow


async def record(  # noqa: PLR0913  who, what, when
    s: AsyncSession, *, tenant: str, actor: str, role: Role, event: str, fields: Json, at: float
) -> None:
    """Note a deed in the transaction that does it; `at` is unix seconds."""
    s.add(AuditRow(tenant=tenant, actor=actor, role=role, event=event, fields=fields, at=at))
    await s.flush()
