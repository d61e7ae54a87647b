"""Who may call, what is stopped, and what was done."""

from sqlalchemy import JSON, BigInteger, Float, Integer
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Json, Name, Words


class TokenRow(Base):
    """A caller's token by its SHA-256; the token itself is never stored."""

    __tablename__ = "token"
    hash: Mapped[str] = mapped_column(Name(64), primary_key=True)
    id: Mapped[str] = mapped_column(Name(16), unique=True)
    user_id: Mapped[str] = mapped_column(Name(64))
    tenant: Mapped[str] = mapped_column(Name(64))
    role: Mapped[str] = mapped_column(Name(16))
    ens: Mapped[str | None] = mapped_column(Name(255))
    created_at: Mapped[float] = mapped_column(Float)
    revoked_at: Mapped[float | None] = mapped_column(Float)


class PauseRow(Base):
    """A brake on `all`, `tenant:x` or `tool:y`: no new money step starts."""

    __tablename__ = "pause"
    scope: Mapped[str] = mapped_column(Name(120), primary_key=True)
    actor: Mapped[str] = mapped_column(Name(64))
    reason: Mapped[str | None] = mapped_column(Words)
    since: Mapped[float] = mapped_column(Float)


class AuditRow(Base):
    """Who did what: written in the transaction of the deed."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    tenant: Mapped[str] = mapped_column(Name(64), index=True)
    actor: Mapped[str] = mapped_column(Name(64))
    role: Mapped[str] = mapped_column(Name(16))
    event: Mapped[str] = mapped_column(Name(64))
    fields: Mapped[Json] = mapped_column(JSON)
    at: Mapped[float] = mapped_column(Float)
