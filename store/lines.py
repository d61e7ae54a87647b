"""Lines of handlers: bytes, in order, once.

Positions count from 1 over the run, sequence numbers from 1 over a step's generation, and
`phase_seq` from 0 over a phase: it is the index that the caller names and what dedups.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.guard import changed, lock_run, mark_told
from store.tables import LineRow, RunRow

Line = tuple[bytes, bool]


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
    return await _store(s, run, fresh) if fresh else run.line_count


async def after(s: AsyncSession, run_id: str, cursor: int, limit: int) -> Sequence[LineRow]:
    """At most `limit` lines of the run behind a position (0: from the first)."""
    query = select(LineRow).where(LineRow.run_id == run_id, LineRow.position > cursor)
    return (await s.scalars(query.order_by(LineRow.position).limit(limit))).all()


async def of_step(
    s: AsyncSession, run_id: str, step_id: str | None, after: int
) -> Sequence[LineRow]:
    """All lines behind a position, of one step or (None) of the whole run."""
    query = select(LineRow).where(LineRow.run_id == run_id, LineRow.position > after)
    if step_id is not None:
        query = query.where(LineRow.step_id == step_id)
    return (await s.scalars(query.order_by(LineRow.position))).all()


async def phase_lines(
    s: AsyncSession, run_id: str, step_id: str, gen: int, phase: str
) -> list[Line]:
    """The lines of one phase, in order; without newlines, and whether one was sent."""
    query = select(LineRow.data, LineRow.eol).where(
        LineRow.run_id == run_id,
        LineRow.step_id == step_id,
        LineRow.gen == gen,
        LineRow.phase == phase,
    )
    return [(row.data, row.eol) for row in await s.execute(query.order_by(LineRow.phase_seq))]


class _Ends(NamedTuple):
    """The last sequence number of a generation, and the next index of a phase."""

    seq: int
    phase: int


async def _ends(s: AsyncSession, run_id: str, step_id: str, gen: int, phase: str) -> _Ends:
    of_gen = (LineRow.run_id == run_id, LineRow.step_id == step_id, LineRow.gen == gen)
    last = select(func.max(LineRow.seq)).where(*of_gen).scalar_subquery()
    last_of_phase = (
        select(func.max(LineRow.phase_seq)).where(*of_gen, LineRow.phase == phase).scalar_subquery()
    )
    seq, phase_seq = (await s.execute(select(last, last_of_phase))).one()
    return _Ends(seq or 0, 0 if phase_seq is None else phase_seq + 1)


async def _store(s: AsyncSession, run: RunRow, fresh: list[dict[str, object]]) -> int:
    await s.execute(insert(LineRow), fresh)
    count = run.line_count + len(fresh)
    mark_told(s, run.run_id)
    counted = update(RunRow).where(RunRow.run_id == run.run_id)
    await changed(s, counted.values(line_count=count, version=RunRow.version + 1))
    return count
