"""Runs, their steps, and what they wait for or are told."""

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Json, Name, Words


class RunRow(Base):
    """A run; while `workflow_started_at` is null the row is the outbox of its start.

    `version` rises with every change that status shows, `line_count` with every line.
    `deadlines` maps a step id to the instant (unix seconds) fixed at admission. The digests
    name the rules that it was admitted under; null, of before they were kept, means today's.
    `promise` is what the simulation said that the run would move, `mismatch` true once it has
    ended and moved something else.
    """

    __tablename__ = "run"
    run_id: Mapped[str] = mapped_column(Name(80), primary_key=True)
    root_run_id: Mapped[str] = mapped_column(Name(80), index=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), index=True)
    tenant: Mapped[str] = mapped_column(Name(64), index=True)
    user_id: Mapped[str] = mapped_column(Name(64))
    trace_id: Mapped[str] = mapped_column(Name(36))
    state: Mapped[str] = mapped_column(Name(32), index=True)
    day: Mapped[str] = mapped_column(Name(10))
    approvals: Mapped[list[str]] = mapped_column(JSON)
    deadlines: Mapped[dict[str, int]] = mapped_column(JSON)
    policy_digest: Mapped[str | None] = mapped_column(Name(64))
    fees_digest: Mapped[str | None] = mapped_column(Name(64))
    created_at: Mapped[float] = mapped_column(Float)
    workflow_started_at: Mapped[float | None] = mapped_column(Float)
    completed_at: Mapped[float | None] = mapped_column(Float)
    failed_step: Mapped[str | None] = mapped_column(Name(64))
    error: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    promise: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    mismatch: Mapped[bool | None] = mapped_column(Boolean)
    line_count: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=0)


class StepRow(Base):
    """One step of a run and its result; `settled` rows never change again in this gen."""

    __tablename__ = "step"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(Name(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    gen: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(Name(32))
    started_at: Mapped[float | None] = mapped_column(Float)
    completed_at: Mapped[float | None] = mapped_column(Float)
    outputs: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    receipt: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    confirmation_id: Mapped[str | None] = mapped_column(Name(32))


class WaitRow(Base):
    """What a waiting step waits for, since when, and when it looks again."""

    __tablename__ = "wait"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(Name(64), primary_key=True)
    waiting_for: Mapped[str] = mapped_column(Words)
    since: Mapped[float] = mapped_column(Float)
    next_look: Mapped[float | None] = mapped_column(Float)


class CommandRow(Base):
    """A cancel or a resolution: first a row, then a signal. First wins."""

    __tablename__ = "command"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    subject: Mapped[str] = mapped_column(Name(100), primary_key=True)
    verdict: Mapped[str] = mapped_column(Name(32))
    actor: Mapped[str] = mapped_column(Name(64))
    evidence: Mapped[str | None] = mapped_column(Words)
    created_at: Mapped[float] = mapped_column(Float)
    heard: Mapped[bool] = mapped_column(Boolean, default=False)
