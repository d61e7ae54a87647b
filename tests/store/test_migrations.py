"""The schema's history ends at the tables, and every step of it goes both ways."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select

from onebox.models import Role
from store import audit, decisions, lines, migrations, tokens, waits
from store.database import Database
from store.tables import ApprovalRow, Base, CommandRow, PauseRow, RunRow
from tests.store.made import NOW, TENANT, admitted, ask, run_row


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
    run_id = await filled(db)
    assert await on(db, "empty tables") == []
    await on(db, "down")
    assert await on(db, "tables") == ["alembic_version"]
    await db.migrate()
    assert await on(db, "differences") == []
    assert set(await on(db, "empty tables")) == set(Base.metadata.tables)
    assert await admitted(db) == run_id
    assert await ask(db, run_id)


async def test_one_step_down_and_up_keeps_every_run(db: Database) -> None:
    """0003 takes its columns away and brings them back; runs of before are not judged."""
    run_id = await filled(db)
    assert await on(db, "back to 0002") == ["mismatch", "promise"]
    await db.migrate()
    assert await on(db, "differences") == []
    run = await run_row(db, run_id)
    assert (run.promise, run.mismatch, run.state) == (None, None, "pending")


async def filled(db: Database) -> str:
    """At least one row in every table; the id of the run."""
    run_id = await admitted(db)
    await ask(db, run_id)
    run = await run_row(db, run_id)
    yes = {"id": "a", "plan_id": run.plan_id, "approver": "a", "verdict": "approve"}
    said = {"subject": "cancel", "verdict": "cancel", "actor": "a", "heard": False}
    async with db.write() as s:
        await lines.append(s, run_id, "post_job", 0, "execute", 0, [(b"x", True)], NOW)
        await waits.put(s, run_id, "post_job", "x", NOW, None)
        await tokens.create(s, user_id="a", tenant=TENANT, role=Role.VIEWER, ens=None, now=NOW)
        await audit.record(
            s, tenant=TENANT, actor="a", role=Role.VIEWER, event="x", fields={}, at=NOW
        )
        s.add(ApprovalRow(tenant=TENANT, created_at=NOW, **yes))
        s.add(CommandRow(run_id=run_id, created_at=NOW, **said))
        s.add(PauseRow(scope="all", actor="a", since=NOW))
    return run_id


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


def _back_to_0002(connection: Connection) -> object:
    """Go there; the columns of a run that are then missing."""
    migrations.downgrade(connection, "0002")
    left = {column["name"] for column in inspect(connection).get_columns("run")}
    return sorted({column.name for column in RunRow.__table__.columns} - left)


_DEEDS = {
    "back to 0002": _back_to_0002,
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
