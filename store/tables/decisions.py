"""Questions of steps, and their answers."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Name, Words


class DecisionRow(Base):
    """One step's question and its answer; the first answer wins, silence rejects.

    `heard` turns true when the workflow has acted on the answer.
    """

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(Name(32), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step_id: Mapped[str] = mapped_column(Name(64))
    gen: Mapped[int] = mapped_column(Integer)
    tenant: Mapped[str] = mapped_column(Name(64), index=True)
    plan_id: Mapped[str] = mapped_column(Name(64))
    tool: Mapped[str] = mapped_column(Name(64))
    digest: Mapped[str] = mapped_column(Name(64))
    question: Mapped[str] = mapped_column(Words)
    preview: Mapped[list[str]] = mapped_column(JSON)
    amount: Mapped[str] = mapped_column(Name(64))  # as it was shown: decimal text
    payee: Mapped[str | None] = mapped_column(Name(80))
    state: Mapped[str] = mapped_column(Name(16))
    created_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float)
    decided_by: Mapped[str | None] = mapped_column(Name(64))
    decided_at: Mapped[float | None] = mapped_column(Float)
    comment: Mapped[str | None] = mapped_column(Words)
    heard: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        UniqueConstraint("run_id", "step_id", "gen"),
        CheckConstraint("state IN ('pending', 'approved', 'rejected', 'expired')", name="state"),
        Index("decision_by_state", "state", "expires_at"),
        Index("decision_by_heard", "heard"),
    )
