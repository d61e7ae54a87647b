"""Every revision, down and up again, on a store that is in use: no row changes, runs go on."""

from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, select, text

from onebox.errors import ConfigInvalid
from onebox.models import RunState
from store import decisions, migrations, runs, steps
from store.database import Database
from tests.store.filled import filled
from tests.store.made import DIGEST, ESCROW, NOW, TENANT, claim, day_and_buckets, run_row, settle

Rows = dict[str, list[dict[str, Any]]]
OLDER = sorted(
    revision.revision for revision in ScriptDirectory(migrations.__path__[0]).walk_revisions()
)[:-1]
# What a revision brought is gone with it.
BROUGHT = {
    "0001": {"policy_digest", "fees_digest", "promise", "mismatch"},
    "0002": {"promise", "mismatch"},
}


@pytest.mark.parametrize("revision", OLDER)
async def test_no_row_changes_on_the_way_down_and_up(db: Database, revision: str) -> None:
    """But for the columns that were not there yet, which are empty."""
    await filled(db)
    before = await rows_of(db)
    assert all(before.values())
    await down(db, revision)
    older = await rows_of(db)
    await db.migrate()
    await db.close()
    after = await rows_of(db)
    gone = BROUGHT.get(revision, set())
    assert without(before, gone) == without(older, gone) == without(after, gone)
    assert {row[name] for row in after["run"] for name in gone} <= {None}


@pytest.mark.parametrize("revision", OLDER)
async def test_a_run_under_way_goes_on_after_an_upgrade(db: Database, revision: str) -> None:
    """Begun by an older version: settled, answered, claimed and ended by this one; sums agree."""
    run_id = await filled(db)
    await down(db, revision)
    await db.migrate()
    assert await settle(db, run_id, 1, "confirmed", step_id="stake")
    async with db.write() as s:
        (asked,) = await decisions.list_pending(s, TENANT, NOW)
        await decisions.decide(
            s, asked.id, TENANT, verdict="approve", digest=DIGEST, actor="a", comment=None, now=NOW
        )
    assert await settle(db, run_id, await claim(db, run_id), "rejected")
    async with db.write() as s:
        assert (await steps.begin(s, run_id, "post_job", 1, NOW)).open
        assert await runs.finish(
            s, run_id, state=RunState.CANCELLED, failed_step=None, error=None, now=NOW
        )
    assert (await run_row(db, run_id)).state == "cancelled"
    day, buckets = await day_and_buckets(db)
    assert day == (buckets.held + buckets.in_flight, buckets.escrowed + buckets.settled)
    assert (buckets.escrowed, buckets.released) == (ESCROW["post_job"] + 3, ESCROW["post_job"])


async def test_the_schema_of_a_newer_onebox_is_refused(db: Database) -> None:
    """In a sentence that says which it is; nothing is changed."""
    await filled(db)
    async with db.write() as s:
        await s.execute(text("UPDATE alembic_version SET version_num = '0815'"))
    before = await rows_of(db)
    with pytest.raises(ConfigInvalid, match=r"0815 .* newer version") as refused:
        await db.migrate()
    assert "back-up" in str(refused.value)
    assert await rows_of(db) == before


async def down(db: Database, revision: str) -> None:
    """Bring the store to where an older version left it, and begin anew."""
    async with db.write() as s:
        await (await s.connection()).run_sync(migrations.downgrade, revision)
    await db.close()


async def rows_of(db: Database) -> Rows:
    """Every row of every table that there is, whatever our own tables say."""
    async with db.read() as s:
        return await (await s.connection()).run_sync(_rows)


def _rows(connection: Connection) -> Rows:
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: sorted(
            (dict(row) for row in connection.execute(select(table)).mappings()), key=repr
        )
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def without(rows: Rows, names: set[str]) -> Rows:
    """The rows without these columns; a table has them in any order."""
    return {
        table: [{name: row[name] for name in sorted(row) if name not in names} for row in each]
        for table, each in rows.items()
    }
