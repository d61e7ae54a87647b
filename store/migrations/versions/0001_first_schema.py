"""The first schema.

Revision ID: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

# Children before those that they refer to.
_TABLES = "audit token decision line pause budget_day movement command wait step run approval plan"


def upgrade() -> None:
    """Create every table."""
    _create_plans()
    _create_runs()
    _create_money()
    _create_talk()
    _create_callers()


def downgrade() -> None:
    """Drop every table, and with it all that it holds."""
    for table in _TABLES.split():
        op.drop_table(table)


def _key(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=True) for name in names]


def _must(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _may(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _ref(
    name: str, kind: TypeEngine[Any], target: str, *, primary_key: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.ForeignKey(target), primary_key=primary_key, nullable=False)


def _create_plans() -> None:
    op.create_table(
        "plan",
        *_key(sa.String(64), "plan_id"),
        *_must(sa.String(64), "tenant", "user_id"),
        *_must(sa.String(16), "source"),
        *_may(sa.Text(), "input_text"),
        *_must(sa.LargeBinary(), "body"),
        *_must(sa.Float(), "created_at", "expires_at"),
    )
    op.create_index(op.f("ix_plan_tenant"), "plan", ["tenant"])
    op.create_table(
        "approval",
        *_key(sa.String(32), "id"),
        _ref("plan_id", sa.String(64), "plan.plan_id"),
        *_must(sa.String(64), "tenant", "approver"),
        *_must(sa.String(16), "verdict"),
        *_may(sa.Text(), "comment"),
        *_must(sa.Float(), "created_at"),
        *_may(sa.Float(), "revoked_at"),
        *_may(sa.String(80), "used_by_run"),
    )
    op.create_index(op.f("ix_approval_plan_id"), "approval", ["plan_id"])


def _create_runs() -> None:
    op.create_table(
        "run",
        *_key(sa.String(80), "run_id"),
        *_must(sa.String(80), "root_run_id"),
        _ref("plan_id", sa.String(64), "plan.plan_id"),
        *_must(sa.String(64), "tenant", "user_id"),
        *_must(sa.String(36), "trace_id"),
        *_must(sa.String(32), "state"),
        *_must(sa.String(10), "day"),
        *_must(sa.JSON(), "approvals", "deadlines"),
        *_must(sa.Float(), "created_at"),
        *_may(sa.Float(), "workflow_started_at", "completed_at"),
        *_may(sa.String(64), "failed_step"),
        *_may(sa.JSON(), "error"),
        *_must(sa.Integer(), "line_count", "version"),
    )
    op.create_index(op.f("ix_run_plan_id"), "run", ["plan_id"])
    op.create_index(op.f("ix_run_root_run_id"), "run", ["root_run_id"])
    op.create_index(op.f("ix_run_state"), "run", ["state"])
    op.create_index(op.f("ix_run_tenant"), "run", ["tenant"])
    op.create_table(
        "step",
        _ref("run_id", sa.String(80), "run.run_id", primary_key=True),
        *_key(sa.String(64), "step_id"),
        *_must(sa.Integer(), "position", "gen"),
        *_must(sa.String(32), "state"),
        *_may(sa.Float(), "started_at", "completed_at"),
        *_may(sa.JSON(), "outputs", "receipt", "error"),
        *_may(sa.String(32), "confirmation_id"),
    )
    op.create_table(
        "wait",
        _ref("run_id", sa.String(80), "run.run_id", primary_key=True),
        *_key(sa.String(64), "step_id"),
        *_must(sa.Text(), "waiting_for"),
        *_must(sa.Float(), "since"),
        *_may(sa.Float(), "next_look"),
    )
    op.create_table(
        "command",
        _ref("run_id", sa.String(80), "run.run_id", primary_key=True),
        *_key(sa.String(100), "subject"),
        *_must(sa.String(32), "verdict"),
        *_must(sa.String(64), "actor"),
        *_may(sa.Text(), "evidence"),
        *_must(sa.Float(), "created_at"),
        *_must(sa.Boolean(), "heard"),
    )


def _create_money() -> None:
    op.create_table(
        "movement",
        _ref("run_id", sa.String(80), "run.run_id", primary_key=True),
        *_key(sa.String(64), "step_id"),
        *_key(sa.Integer(), "gen"),
        *_must(sa.String(64), "tenant", "amount"),
        *_must(sa.String(10), "day"),
        *_must(sa.String(16), "token", "purpose", "state", "bucket"),
        *_must(sa.Integer(), "fence"),
        *_may(sa.String(64), "digest"),
        *_may(sa.Float(), "not_after", "first_sent_at"),
        *_may(sa.String(120), "verdict_ref"),
        *_may(sa.String(80), "job_id"),
        sa.CheckConstraint(
            "(state IN ('sent', 'unknown') AND bucket = 'in_flight') "
            "OR (state = 'confirmed' AND bucket IN ('escrowed', 'settled')) "
            "OR (state IN ('held', 'rejected', 'not_executed') AND bucket = 'held') "
            "OR (state = 'released' AND bucket = 'released')",
            name="state_and_bucket",
        ),
    )
    op.create_index("movement_by_day", "movement", ["tenant", "token", "day"])
    op.create_index("movement_by_job", "movement", ["tenant", "job_id"])
    op.create_table(
        "budget_day",
        *_key(sa.String(64), "tenant"),
        *_key(sa.String(16), "token"),
        *_key(sa.String(10), "day"),
        *_must(sa.String(64), "held", "spent"),
    )
    op.create_table(
        "pause",
        *_key(sa.String(120), "scope"),
        *_must(sa.String(64), "actor"),
        *_may(sa.Text(), "reason"),
        *_must(sa.Float(), "since"),
    )


def _create_talk() -> None:
    op.create_table(
        "line",
        _ref("run_id", sa.String(80), "run.run_id", primary_key=True),
        *_key(sa.Integer(), "position"),
        *_must(sa.String(64), "step_id"),
        *_must(sa.Integer(), "gen", "seq", "phase_seq"),
        *_must(sa.String(16), "phase"),
        *_must(sa.LargeBinary(), "data"),
        *_must(sa.Boolean(), "eol"),
        *_must(sa.Float(), "received_at"),
        sa.UniqueConstraint("run_id", "step_id", "gen", "phase", "phase_seq"),
        sa.UniqueConstraint("run_id", "step_id", "gen", "seq"),
    )
    op.create_table(
        "decision",
        *_key(sa.String(32), "id"),
        _ref("run_id", sa.String(80), "run.run_id"),
        *_must(sa.String(64), "step_id", "tenant", "plan_id", "tool", "digest", "amount"),
        *_must(sa.Integer(), "gen"),
        *_must(sa.Text(), "question"),
        *_must(sa.JSON(), "preview"),
        *_may(sa.String(80), "payee"),
        *_must(sa.String(16), "state"),
        *_must(sa.Float(), "created_at", "expires_at"),
        *_may(sa.String(64), "decided_by"),
        *_may(sa.Float(), "decided_at"),
        *_may(sa.Text(), "comment"),
        *_must(sa.Boolean(), "heard"),
        sa.UniqueConstraint("run_id", "step_id", "gen"),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'rejected', 'expired')",
            name="state",
        ),
    )
    op.create_index("decision_by_heard", "decision", ["heard"])
    op.create_index("decision_by_state", "decision", ["state", "expires_at"])
    op.create_index(op.f("ix_decision_tenant"), "decision", ["tenant"])


def _create_callers() -> None:
    op.create_table(
        "token",
        *_key(sa.String(64), "hash"),
        *_must(sa.String(16), "id", "role"),
        *_must(sa.String(64), "user_id", "tenant"),
        *_may(sa.String(255), "ens"),
        *_must(sa.Float(), "created_at"),
        *_may(sa.Float(), "revoked_at"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "audit",
        *_key(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), "id"),
        *_must(sa.String(64), "tenant", "actor", "event"),
        *_must(sa.String(16), "role"),
        *_must(sa.JSON(), "fields"),
        *_must(sa.Float(), "at"),
    )
    op.create_index(op.f("ix_audit_tenant"), "audit", ["tenant"])
