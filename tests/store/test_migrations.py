"""The schema's history ends at the tables, and every step of it goes both ways."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select

from store import decisions, migrations
from store.database import Database
from store.tables import Base
from tests.store.filled import filled
from tests.store.made import NOW, TENANT, admitted, ask


async def on(db: Database, deed: str) -> Any:
    """Run one of the looks below on a connection of a write transaction."""
    async with db.write() as s:
        return await (await s.connection()).run_sync(_DEEDS[deed])


async def test_the_newest_schema_is_the_tables(db: Database) -> None:
    """Nothing is left for a migration to do."""
    assert await on(db, "differences") == []


async def test_constraints_have_the_names_of_the_tables(db: Database) -> None:
    """Checks and keys are named alike, so that a later migration finds them."""
    assert await on(db, "names") == {
        table.name: sorted(str(c.name) for c in table.constraints)
        for table in Base.metadata.tables.values()
    }


async def test_down_and_up_again_on_a_filled_store(db: Database) -> None:
    """A store with rows in every table goes down to nothing and up to an empty, working one."""
    await filled(db)
    assert await on(db, "empty tables") == []
    await on(db, "down")
    assert await on(db, "tables") == ["alembic_version"]
    await db.migrate()
    assert await on(db, "differences") == []
    assert set(await on(db, "empty tables")) == set(Base.metadata.tables)
    assert await ask(db, await admitted(db))


async def test_migrating_a_filled_store_keeps_it(db: Database) -> None:
    """A restart migrates again and loses nothing."""
    run_id = await admitted(db)
    question = await ask(db, run_id)
    await db.migrate()
    async with db.read() as s:
        assert [row.id for row in await decisions.list_pending(s, TENANT, NOW)] == [question]


def _empty(connection: Connection) -> object:
    tables = Base.metadata.sorted_tables
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables
    }
    return [name for name, count in counts.items() if not count]


def _differences(connection: Connection) -> object:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, Base.metadata)


def _names(connection: Connection) -> dict[str, list[str]]:
    found = inspect(connection)
    return {
        table: sorted(
            str(c["name"])
            for c in (
                found.get_pk_constraint(table),
                *found.get_foreign_keys(table),
                *found.get_unique_constraints(table),
                *found.get_check_constraints(table),
            )
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


_DEEDS = {
    "differences": _differences,
    "names": _names,
    "empty tables": _empty,
    "down": migrations.downgrade,
    "tables": lambda connection: inspect(connection).get_table_names(),
}


def test_history_has_one_end() -> None:
    """Two revisions never claim to be the newest."""
    folder = migrations.__path__[0]
    assert len(ScriptDirectory(folder).get_heads()) == 1
