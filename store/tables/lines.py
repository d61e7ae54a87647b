"""What handlers said, byte for byte."""

from sqlalchemy import (
    Boolean,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Name


class LineRow(Base):
    """One line of a handler: `position` orders the run, `seq` the step's generation.

    A step's stream has phases ("preview", "execute"); a handler that is asked again
    repeats a phase from its first line, so (phase, phase_seq) is what dedups.
    `data` excludes the newline; `eol` says whether one was sent.
    """

    __tablename__ = "line"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    step_id: Mapped[str] = mapped_column(Name(64))
    gen: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(Integer)
    phase: Mapped[str] = mapped_column(Name(16))
    phase_seq: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    eol: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[float] = mapped_column(Float)

    __table_args__ = (
        UniqueConstraint("run_id", "step_id", "gen", "seq"),
        UniqueConstraint("run_id", "step_id", "gen", "phase", "phase_seq"),
    )
