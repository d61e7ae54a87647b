"""Plans, and what people said of them before they ran."""

from sqlalchemy import Float, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Name, Words


class PlanRow(Base):
    """A plan as it was hashed: `body` is its canonical JSON, plan_id included.

    `source` is "planned" for the planner's and "imported" for one that a caller brought.
    """

    __tablename__ = "plan"
    plan_id: Mapped[str] = mapped_column(Name(64), primary_key=True)
    tenant: Mapped[str] = mapped_column(Name(64), index=True)
    user_id: Mapped[str] = mapped_column(Name(64))
    source: Mapped[str] = mapped_column(Name(16))
    input_text: Mapped[str | None] = mapped_column(Words)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float)


class ApprovalRow(Base):
    """A person's yes or no to a whole plan, before execution; used by at most one run."""

    __tablename__ = "approval"
    id: Mapped[str] = mapped_column(Name(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), index=True)
    tenant: Mapped[str] = mapped_column(Name(64))
    approver: Mapped[str] = mapped_column(Name(64))
    verdict: Mapped[str] = mapped_column(Name(16))
    comment: Mapped[str | None] = mapped_column(Words)
    created_at: Mapped[float] = mapped_column(Float)
    revoked_at: Mapped[float | None] = mapped_column(Float)
    used_by_run: Mapped[str | None] = mapped_column(Name(80))
