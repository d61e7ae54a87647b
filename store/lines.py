"""Lines of handlers: bytes, in order, once.

Positions count from 1 over the run, sequence numbers from 1 over a step's generation, and
`phase_seq` from 0 over a phase: it is the index that the caller names and what dedups.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.guard import CHANGE, done, lock_run, mark_told
from store.tables import Base

Line = tuple[bytes, bool]


class StoredLine(NamedTuple):
    """A line as it is read: many at a time, so they are no objects that a session watches."""

    position: int
    step_id: str
    gen: int
    seq: int
    phase: str
    phase_seq: int
    data: bytes
    eol: bool


_LINE = Base.metadata.tables["line"]
_OF_GEN = and_(
    _LINE.c.run_id == bindparam("of_run"),
    _LINE.c.step_id == bindparam("of_step"),
    _LINE.c.gen == bindparam("of_gen"),
)
_OF_PHASE = and_(_OF_GEN, _LINE.c.phase == bindparam("of_phase"))
_ENDS = select(
    select(func.max(_LINE.c.seq)).where(_OF_GEN).scalar_subquery(),
    select(func.max(_LINE.c.phase_seq)).where(_OF_PHASE).scalar_subquery(),
)
_PHASE_LINES = select(_LINE.c.data, _LINE.c.eol).where(_OF_PHASE).order_by(_LINE.c.phase_seq)
_STORED = (
    select(*(_LINE.c[name] for name in StoredLine._fields))
    .where(_LINE.c.run_id == bindparam("of_run"), _LINE.c.position > bindparam("behind"))
    .order_by(_LINE.c.position)
)
_INSERT = insert(_LINE)
_COUNT = CHANGE.values(line_count=bindparam("count"))


async def append(  # noqa: PLR0913, PLR0917  where the lines belong, and the lines
    s: AsyncSession,
    run_id: str,
    step_id: str,
    gen: int,
    phase: str,
    first_phase_seq: int,
    lines: Sequence[Line],
    now: float,
) -> int:
    """Store those lines of a phase that are not there yet.

    Args:
        s: a write transaction.
        run_id: the run.
        step_id: the step.
        gen: its generation.
        phase: "preview" or "execute".
        first_phase_seq: index in the phase of the first of `lines`.
        lines: bytes without their newline, and whether one was sent.
        now: unix seconds.

    Returns:
        The run's number of lines: the cursor behind the newest.

    Raises:
        ValueError: the lines begin beyond the end of the phase; one would be lost.
        RunNotFound: no run has this id.
    """
    run = await lock_run(s, run_id)
    ends = await _ends(s, run_id, step_id, gen, phase)
    known = ends.phase - first_phase_seq
    if known < 0:
        raise ValueError(f"{run_id} {step_id} {phase}: {-known} lines are missing")
    step = {"run_id": run_id, "step_id": step_id, "gen": gen, "phase": phase, "received_at": now}
    fresh = [
        {
            **step,
            "position": run.line_count + n + 1,
            "seq": ends.seq + n + 1,
            "phase_seq": ends.phase + n,
            "data": data,
            "eol": eol,
        }
        for n, (data, eol) in enumerate(lines[known:])
    ]
    return await _store(s, run_id, run.line_count, fresh) if fresh else run.line_count


async def after(s: AsyncSession, run_id: str, cursor: int, limit: int) -> list[StoredLine]:
    """At most `limit` lines of the run behind a position (0: from the first)."""
    found = await s.execute(_STORED.limit(limit), {"of_run": run_id, "behind": cursor})
    return [StoredLine(*row) for row in found]


async def of_step(
    s: AsyncSession, run_id: str, step_id: str | None, after: int
) -> list[StoredLine]:
    """All lines behind a position, of one step or (None) of the whole run."""
    query = _STORED if step_id is None else _STORED.where(_LINE.c.step_id == step_id)
    found = await s.execute(query, {"of_run": run_id, "behind": after})
    return [StoredLine(*row) for row in found]


async def phase_lines(
    s: AsyncSession, run_id: str, step_id: str, gen: int, phase: str
) -> list[Line]:
    """The lines of one phase, in order; without newlines, and whether one was sent."""
    where = {"of_run": run_id, "of_step": step_id, "of_gen": gen, "of_phase": phase}
    return [(row.data, row.eol) for row in await s.execute(_PHASE_LINES, where)]


class _Ends(NamedTuple):
    """The last sequence number of a generation, and the next index of a phase."""

    seq: int
    phase: int


async def _ends(s: AsyncSession, run_id: str, step_id: str, gen: int, phase: str) -> _Ends:
    where = {"of_run": run_id, "of_step": step_id, "of_gen": gen, "of_phase": phase}
    seq, phase_seq = (await s.execute(_ENDS, where)).one()
    return _Ends(seq or 0, 0 if phase_seq is None else phase_seq + 1)


async def _store(s: AsyncSession, run_id: str, known: int, fresh: list[dict[str, object]]) -> int:
    await s.execute(_INSERT, fresh)
    mark_told(s, run_id)
    await done(s, _COUNT, of_run=run_id, count=known + len(fresh))
    return known + len(fresh)
