"""The schema's history. `upgrade` and `downgrade` run on a connection that the caller owns."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from onebox.errors import ConfigInvalid

# Any number will do; all processes that migrate queue on this one (PostgreSQL).
_LOCK = 6_107_312_026


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to a revision, inside the caller's transaction.

    Raises:
        ConfigInvalid: a newer OneBox has brought it to where this one has never been, or the
            database has no room for every character.
    """
    config = _config(connection)
    _refuse_newer(connection, config)
    _refuse_narrow(connection)
    command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Bring the schema down to a revision, inside the caller's transaction."""
    command.downgrade(_config(connection), revision)


def _refuse_newer(connection: Connection, config: Config) -> None:
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    newer = set(MigrationContext.configure(connection).get_current_heads()) - known
    if newer:
        raise ConfigInvalid(
            f"The store has the schema {', '.join(sorted(newer))} of another OneBox; this one "
            f"knows schemas up to {max(known)}. Run the newer version, or restore a back-up."
        )


def _refuse_narrow(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise ConfigInvalid(
            f"The store's database keeps its text as {encoding}. Make one with ENCODING 'UTF8'."
        )


def _config(connection: Connection) -> Config:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
