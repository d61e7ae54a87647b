"""The schema's history. `upgrade` and `downgrade` run on a connection that the caller owns."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

# Any number will do; all processes that migrate queue on this one (PostgreSQL).
_LOCK = 6_107_312_026


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to a revision, inside the caller's transaction."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Bring the schema down to a revision, inside the caller's transaction."""
    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
