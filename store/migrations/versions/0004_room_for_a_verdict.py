"""A movement has room for the approval of a step whose name is as long as one may be.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# approval:{64 hex digits}:{a step id of up to 64}
_ROOM, _BEFORE = 160, 120


def upgrade() -> None:
    """Only PostgreSQL counts: 120 were too few for an approval of a long step id."""
    _resize(_BEFORE, _ROOM)


def downgrade() -> None:
    """As before; a longer reference, which only approvals of long step ids have, is cut off."""
    _resize(_ROOM, _BEFORE)


def _resize(old: int, new: int) -> None:
    with op.batch_alter_table("movement") as movement:
        movement.alter_column(
            "verdict_ref",
            existing_type=sa.String(old),
            type_=sa.String(new),
            existing_nullable=True,
            postgresql_using=f"left(verdict_ref, {new})",
        )
