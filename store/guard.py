"""What guards a run's rows: one order of locks, one way to compare and set.

Locks are taken in one order everywhere: the run, then its decisions and movements, then the
tenant's budget day. SQLite needs none of them (a write transaction is alone), PostgreSQL does.
"""

from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import CursorResult, Delete, Insert, Update, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import RunNotFound
from onebox.models import StepState
from store.tables import Base, Json

# A step in one of these has its result; only a next generation changes it.
SETTLED = (StepState.COMPLETED, StepState.FAILED, StepState.SKIPPED)


_RUN = Base.metadata.tables["run"]
# What each step of a run executes is built once: building costs more than executing.
_LOCK = (
    select(_RUN.c.state, _RUN.c.line_count)
    .where(_RUN.c.run_id == bindparam("of_run"))
    .with_for_update()
)
# A change of a run that the readers of status are told of.
CHANGE = update(_RUN).where(_RUN.c.run_id == bindparam("of_run")).values(version=_RUN.c.version + 1)


class LockedRun(NamedTuple):
    """What the holder of a run's lock may rely on."""

    state: str
    line_count: int


async def lock_run(s: AsyncSession, run_id: str) -> LockedRun:
    """The run as it is now, kept from changing until the transaction ends.

    Raises:
        RunNotFound: no run has this id.
    """
    row = (await s.execute(_LOCK, {"of_run": run_id})).one_or_none()
    if row is None:
        raise RunNotFound
    mark_locked(s, run_id)
    return LockedRun(row.state, row.line_count)


async def hold_run(s: AsyncSession, run_id: str) -> None:
    """`lock_run` for those who need no row: a lock that this transaction has is not asked for.

    Raises:
        RunNotFound: no run has this id.
    """
    if run_id not in _marks(s, "locked"):
        await lock_run(s, run_id)


async def bump(s: AsyncSession, run_id: str) -> None:
    """Tell the readers of status that something they see has changed: once a transaction."""
    if run_id not in _marks(s, "told"):
        mark_told(s, run_id)
        await done(s, CHANGE, of_run=run_id)


def mark_locked(s: AsyncSession, run_id: str) -> None:
    """This transaction has the run's lock."""
    _marks(s, "locked").add(run_id)


def mark_told(s: AsyncSession, run_id: str) -> None:
    """This transaction has raised the run's version."""
    _marks(s, "told").add(run_id)


def _marks(s: AsyncSession, kind: str) -> set[str]:
    """A session is one transaction (`Database.write`), so what it keeps ends with it."""
    marks: set[str] = s.info.setdefault(kind, set())
    return marks


async def changed(s: AsyncSession, statement: Update | Delete) -> int:
    """Execute a conditional change; the number of rows that met its condition."""
    result = await s.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


async def done(s: AsyncSession, statement: Update | Delete, **values: Any) -> int:
    """The same for a statement of tables that was built once, with the values of its binds."""
    result = await s.execute(statement, values)
    return result.rowcount if isinstance(result, CursorResult) else 0


async def insert_missing(s: AsyncSession, table: type[Base], values: Json) -> bool:
    """Insert a row unless one of its keys is taken; true when it was inserted."""
    statement = _insert_missing(s.get_bind().dialect.name, table.__tablename__)
    result = await s.execute(statement, values)
    return isinstance(result, CursorResult) and result.rowcount == 1


@cache
def _insert_missing(dialect: str, name: str) -> Insert:
    table = Base.metadata.tables[name]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def as_json(value: BaseModel | Json | None) -> Json | None:
    """What a JSON column stores of a model."""
    if isinstance(value, BaseModel):
        dumped: dict[str, Any] = value.model_dump(mode="json")
        return dumped
    return value
