"""Callers' tokens, stored by their SHA-256 only."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.digest import sha256_hex
from onebox.models import Role
from store.guard import changed
from store.tables import TokenRow

_PREFIX = "obx_"
_ENTROPY_BYTES = 32
_ID_LENGTH = 12


async def create(  # noqa: PLR0913  who the token speaks for
    s: AsyncSession, *, user_id: str, tenant: str, role: Role, ens: str | None, now: float
) -> tuple[str, TokenRow]:
    """A new token, which nobody can read again, and its row."""
    token = _PREFIX + secrets.token_urlsafe(_ENTROPY_BYTES)
    name = sha256_hex(token.encode())
    row = TokenRow(
        hash=name,
        id=name[:_ID_LENGTH],
        user_id=user_id,
        tenant=tenant,
        role=role,
        ens=ens,
        created_at=now,
    )
    s.add(row)
    await s.flush()
    return token, row


async def find(s: AsyncSession, token: str) -> TokenRow | None:
    """Whom a token speaks for; None when it is unknown or revoked."""
    name = sha256_hex(token.encode(errors="surrogatepass"))
    row: TokenRow | None = await s.scalar(
        select(TokenRow).where(TokenRow.hash == name, TokenRow.revoked_at.is_(None))
    )
    return row


async def list_all(s: AsyncSession) -> Sequence[TokenRow]:
    """Every token ever made, oldest first."""
    return (await s.scalars(select(TokenRow).order_by(TokenRow.created_at, TokenRow.id))).all()


async def revoke(s: AsyncSession, id: str, now: float) -> bool:  # noqa: A002  as the column
    """End a token; false when no valid one has this id."""
    valid = update(TokenRow).where(TokenRow.id == id, TokenRow.revoked_at.is_(None))
    return await changed(s, valid.values(revoked_at=now)) == 1
