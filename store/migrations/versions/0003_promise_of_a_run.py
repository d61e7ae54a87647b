"""What a run was promised to move, and whether it moved something else.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both; runs of before have neither, and are not judged."""
    op.add_column("run", sa.Column("promise", sa.JSON(), nullable=True))
    op.add_column("run", sa.Column("mismatch", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("run", "mismatch")
    op.drop_column("run", "promise")
