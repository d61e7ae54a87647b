"""What runs hold, send and spend."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Name


class MovementRow(Base):
    """One intended movement of tokens by a money step (amount "0" where none is held).

    States: held -> sent -> confirmed | rejected | not_executed | unknown;
    unknown -> confirmed | rejected | not_executed; held | rejected | not_executed -> released.
    Buckets: held, in_flight, escrowed, settled, released; each amount is in exactly one.
    """

    __tablename__ = "movement"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(Name(64), primary_key=True)
    gen: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant: Mapped[str] = mapped_column(Name(64))
    day: Mapped[str] = mapped_column(Name(10))
    token: Mapped[str] = mapped_column(Name(16))
    purpose: Mapped[str] = mapped_column(Name(16))
    amount: Mapped[str] = mapped_column(Name(64))
    state: Mapped[str] = mapped_column(Name(16))
    bucket: Mapped[str] = mapped_column(Name(16))
    fence: Mapped[int] = mapped_column(Integer, default=0)
    digest: Mapped[str | None] = mapped_column(Name(64))
    not_after: Mapped[float | None] = mapped_column(Float)
    first_sent_at: Mapped[float | None] = mapped_column(Float)
    verdict_ref: Mapped[str | None] = mapped_column(Name(160))
    job_id: Mapped[str | None] = mapped_column(Name(80))

    __table_args__ = (
        Index("movement_by_day", "tenant", "token", "day"),
        Index("movement_by_job", "tenant", "job_id"),
        CheckConstraint(
            "(state IN ('sent', 'unknown') AND bucket = 'in_flight') "
            "OR (state = 'confirmed' AND bucket IN ('escrowed', 'settled')) "
            "OR (state IN ('held', 'rejected', 'not_executed') AND bucket = 'held') "
            "OR (state = 'released' AND bucket = 'released')",
            name="state_and_bucket",
        ),
    )


class BudgetDayRow(Base):
    """What a tenant holds and has spent of its daily maximum on one UTC day."""

    __tablename__ = "budget_day"
    tenant: Mapped[str] = mapped_column(Name(64), primary_key=True)
    token: Mapped[str] = mapped_column(Name(16), primary_key=True)
    day: Mapped[str] = mapped_column(Name(10), primary_key=True)
    held: Mapped[str] = mapped_column(Name(64))
    spent: Mapped[str] = mapped_column(Name(64))
