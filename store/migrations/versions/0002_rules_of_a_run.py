"""A run names the rules that it was admitted under.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_DIGESTS = ("policy_digest", "fees_digest")


def upgrade() -> None:
    """Runs of before have none: they go on under the rules of the day."""
    for name in _DIGESTS:
        op.add_column("run", sa.Column(name, sa.String(64), nullable=True))


def downgrade() -> None:
    """Forget them."""
    for name in _DIGESTS:
        op.drop_column("run", name)
