"""The tables: one durable record beside Temporal.

Amounts are text: decimal digits of base units (10^-18 AGIALPHA), added up in Python and
never in SQL. Times are unix seconds. Lines are bytes, exactly as the handler sent them.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Base(DeclarativeBase):
    """The metadata that Alembic compares with the database; every constraint has a name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PlanRow(Base):
    """A plan as it was hashed: `body` is its canonical JSON, plan_id included.

    `source` is "planned" for the planner's and "imported" for one that a caller brought.
    """

    __tablename__ = "plan"
    plan_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(64), index=True)
    user_id: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    input_text: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float)


class ApprovalRow(Base):
    """A person's yes or no to a whole plan, before execution; used by at most one run."""

    __tablename__ = "approval"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), index=True)
    tenant: Mapped[str] = mapped_column(String(64))
    approver: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float] = mapped_column(Float)
    revoked_at: Mapped[float | None] = mapped_column(Float)
    used_by_run: Mapped[str | None] = mapped_column(String(80))


class RunRow(Base):
    """A run; while `workflow_started_at` is null the row is the outbox of its start.

    `version` rises with every change that status shows, `line_count` with every line.
    `deadlines` maps a step id to the instant (unix seconds) fixed at admission. The digests
    name the rules that it was admitted under; null, of before they were kept, means today's.
    `promise` is what the simulation said that the run would move, `mismatch` true once it has
    ended and moved something else.
    """

    __tablename__ = "run"
    run_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    root_run_id: Mapped[str] = mapped_column(String(80), index=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), index=True)
    tenant: Mapped[str] = mapped_column(String(64), index=True)
    user_id: Mapped[str] = mapped_column(String(64))
    trace_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(32), index=True)
    day: Mapped[str] = mapped_column(String(10))
    approvals: Mapped[list[str]] = mapped_column(JSON)
    deadlines: Mapped[dict[str, int]] = mapped_column(JSON)
    policy_digest: Mapped[str | None] = mapped_column(String(64))
    fees_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[float] = mapped_column(Float)
    workflow_started_at: Mapped[float | None] = mapped_column(Float)
    completed_at: Mapped[float | None] = mapped_column(Float)
    failed_step: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    promise: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    mismatch: Mapped[bool | None] = mapped_column(Boolean)
    line_count: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=0)


class StepRow(Base):
    """One step of a run and its result; `settled` rows never change again in this gen."""

    __tablename__ = "step"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    gen: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[float | None] = mapped_column(Float)
    completed_at: Mapped[float | None] = mapped_column(Float)
    outputs: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    receipt: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    confirmation_id: Mapped[str | None] = mapped_column(String(32))


class MovementRow(Base):
    """One intended movement of tokens by a money step (amount "0" where none is held).

    States: held -> sent -> confirmed | rejected | not_executed | unknown;
    unknown -> confirmed | rejected | not_executed; held | rejected | not_executed -> released.
    Buckets: held, in_flight, escrowed, settled, released; each amount is in exactly one.
    """

    __tablename__ = "movement"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    gen: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant: Mapped[str] = mapped_column(String(64))
    day: Mapped[str] = mapped_column(String(10))
    token: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    amount: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    bucket: Mapped[str] = mapped_column(String(16))
    fence: Mapped[int] = mapped_column(Integer, default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    not_after: Mapped[float | None] = mapped_column(Float)
    first_sent_at: Mapped[float | None] = mapped_column(Float)
    verdict_ref: Mapped[str | None] = mapped_column(String(120))
    job_id: Mapped[str | None] = mapped_column(String(80))

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
    tenant: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    held: Mapped[str] = mapped_column(String(64))
    spent: Mapped[str] = mapped_column(String(64))


class LineRow(Base):
    """One line of a handler: `position` orders the run, `seq` the step's generation.

    A step's stream has phases ("preview", "execute"); a handler that is asked again
    repeats a phase from its first line, so (phase, phase_seq) is what dedups.
    `data` excludes the newline; `eol` says whether one was sent.
    """

    __tablename__ = "line"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64))
    gen: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(Integer)
    phase: Mapped[str] = mapped_column(String(16))
    phase_seq: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    eol: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[float] = mapped_column(Float)

    __table_args__ = (
        UniqueConstraint("run_id", "step_id", "gen", "seq"),
        UniqueConstraint("run_id", "step_id", "gen", "phase", "phase_seq"),
    )


class DecisionRow(Base):
    """One step's question and its answer; the first answer wins, silence rejects.

    `heard` turns true when the workflow has acted on the answer.
    """

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step_id: Mapped[str] = mapped_column(String(64))
    gen: Mapped[int] = mapped_column(Integer)
    tenant: Mapped[str] = mapped_column(String(64), index=True)
    plan_id: Mapped[str] = mapped_column(String(64))
    tool: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(Text)
    preview: Mapped[list[str]] = mapped_column(JSON)
    amount: Mapped[str] = mapped_column(String(64))  # as it was shown: decimal text
    payee: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[float | None] = mapped_column(Float)
    comment: Mapped[str | None] = mapped_column(Text)
    heard: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        UniqueConstraint("run_id", "step_id", "gen"),
        CheckConstraint("state IN ('pending', 'approved', 'rejected', 'expired')", name="state"),
        Index("decision_by_state", "state", "expires_at"),
        Index("decision_by_heard", "heard"),
    )


class CommandRow(Base):
    """A cancel or a resolution: first a row, then a signal. First wins."""

    __tablename__ = "command"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float] = mapped_column(Float)
    heard: Mapped[bool] = mapped_column(Boolean, default=False)


class WaitRow(Base):
    """What a waiting step waits for, since when, and when it looks again."""

    __tablename__ = "wait"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    waiting_for: Mapped[str] = mapped_column(Text)
    since: Mapped[float] = mapped_column(Float)
    next_look: Mapped[float | None] = mapped_column(Float)


class TokenRow(Base):
    """A caller's token by its SHA-256; the token itself is never stored."""

    __tablename__ = "token"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(16), unique=True)
    user_id: Mapped[str] = mapped_column(String(64))
    tenant: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    ens: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[float] = mapped_column(Float)
    revoked_at: Mapped[float | None] = mapped_column(Float)


class PauseRow(Base):
    """A brake on `all`, `tenant:x` or `tool:y`: no new money step starts."""

    __tablename__ = "pause"
    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[float] = mapped_column(Float)


class AuditRow(Base):
    """Who did what: written in the transaction of the deed."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    tenant: Mapped[str] = mapped_column(String(64), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    event: Mapped[str] = mapped_column(String(64))
    fields: Mapped[Json] = mapped_column(JSON)
    at: Mapped[float] = mapped_column(Float)
