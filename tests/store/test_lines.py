"""No line is lost, repeated, reordered or trimmed."""

import asyncio

import pytest

from onebox.errors import RunNotFound
from store import lines
from store.database import Database
from store.lines import Line
from tests.store.made import NOW, admitted, run_row

AWKWARD = [b"", b"\x00", b"\xff\xfe", "✅ Job 7".encode(), b"\r", b"x" * 100_000, b" a \t"]


async def append(  # noqa: PLR0913  where the lines belong, and the lines
    db: Database,
    run_id: str,
    first: int,
    texts: list[bytes],
    *,
    step_id: str = "post_job",
    gen: int = 0,
    phase: str = "execute",
) -> int:
    """Append whole lines."""
    whole: list[Line] = [(text, True) for text in texts]
    async with db.write() as s:
        return await lines.append(s, run_id, step_id, gen, phase, first, whole, NOW)


async def test_bytes_come_back_as_they_came(db: Database) -> None:
    """NUL, invalid UTF-8, carriage returns, blanks and long lines."""
    run_id = await admitted(db)
    assert await append(db, run_id, 0, AWKWARD) == len(AWKWARD)
    async with db.read() as s:
        stored = await lines.phase_lines(s, run_id, "post_job", 0, "execute")
        assert stored == [(text, True) for text in AWKWARD]
        rows = await lines.after(s, run_id, 0, 1000)
    assert [row.data for row in rows] == AWKWARD
    assert [row.position for row in rows] == list(range(1, len(AWKWARD) + 1))


async def test_an_unended_line_says_so(db: Database) -> None:
    """What came after the last newline keeps that it had none."""
    run_id = await admitted(db)
    async with db.write() as s:
        await lines.append(s, run_id, "a", 0, "execute", 0, [(b"x", True), (b"y", False)], NOW)
        assert [row.eol for row in await lines.after(s, run_id, 0, 9)] == [True, False]
        stored = await lines.phase_lines(s, run_id, "a", 0, "execute")
    assert stored == [(b"x", True), (b"y", False)]


async def test_a_repeated_batch_changes_nothing(db: Database) -> None:
    """The same lines again, whole or overlapping, are stored once; repeats show nothing."""
    run_id = await admitted(db)
    await append(db, run_id, 0, [b"0", b"1", b"2"])
    version = (await run_row(db, run_id)).version
    assert await append(db, run_id, 0, [b"0", b"1", b"2"]) == 3
    assert await append(db, run_id, 1, [b"1"]) == 3
    assert await append(db, run_id, 3, []) == 3
    assert (await run_row(db, run_id)).version == version
    assert await append(db, run_id, 2, [b"2", b"3"]) == 4
    async with db.read() as s:
        stored = await lines.phase_lines(s, run_id, "post_job", 0, "execute")
    assert stored == [(b"0", True), (b"1", True), (b"2", True), (b"3", True)]


async def test_a_gap_is_refused(db: Database) -> None:
    """Lines that begin behind the end would hide a lost one."""
    run_id = await admitted(db)
    with pytest.raises(ValueError, match="1 lines are missing"):
        await append(db, run_id, 1, [b"1"])
    with pytest.raises(RunNotFound):
        await append(db, "run_none", 0, [b"0"])


async def test_phases_generations_and_steps_are_counted_apart(db: Database) -> None:
    """Positions run through the run, sequences through a generation, indexes through a phase."""
    run_id = await admitted(db)
    await append(db, run_id, 0, [b"p0", b"p1"], phase="preview")
    await append(db, run_id, 0, [b"e0"])
    await append(db, run_id, 0, [b"other"], step_id="b")
    await append(db, run_id, 0, [b"g1"], gen=1)
    async with db.read() as s:
        rows = await lines.of_step(s, run_id, None, 0)
        assert [(r.position, r.step_id, r.gen, r.seq, r.phase_seq) for r in rows] == [
            (1, "post_job", 0, 1, 0),
            (2, "post_job", 0, 2, 1),
            (3, "post_job", 0, 3, 0),
            (4, "b", 0, 1, 0),
            (5, "post_job", 1, 1, 0),
        ]
        mine = await lines.of_step(s, run_id, "post_job", 2)
    assert [row.data for row in mine] == [b"e0", b"g1"]


async def test_concurrent_writers_of_one_stream_store_it_once(
    db: Database, other_db: Database
) -> None:
    """Two attempts that copy the same stream in batches of their own: each line once, in order."""
    run_id = await admitted(db)
    stream = [str(n).encode() for n in range(300)]

    async def copy(database: Database, size: int) -> None:
        for first in range(0, len(stream), size):
            await append(database, run_id, first, stream[first : first + size])

    await asyncio.gather(copy(db, 7), copy(other_db, 11), copy(db, 13))
    async with db.read() as s:
        rows = await lines.after(s, run_id, 0, 1000)
    assert [row.data for row in rows] == stream
    assert [row.position for row in rows] == list(range(1, 301))
    assert (await run_row(db, run_id)).line_count == 300


async def test_concurrent_steps_share_the_positions_of_a_run(
    db: Database, other_db: Database
) -> None:
    """Two steps that write at once: no position twice, none missing, each step in order."""
    run_id = await admitted(db)

    async def write(database: Database, step_id: str) -> None:
        for n in range(40):
            await append(database, run_id, n, [f"{step_id}{n}".encode()], step_id=step_id)

    await asyncio.gather(write(db, "a"), write(other_db, "b"))
    async with db.read() as s:
        assert [r.position for r in await lines.after(s, run_id, 0, 100)] == list(range(1, 81))
        of_b = await lines.of_step(s, run_id, "b", 0)
    assert [row.data for row in of_b] == [f"b{n}".encode() for n in range(40)]


async def test_readers_resume_by_position(db: Database) -> None:
    """A cursor is the last position seen; the limit bounds a page."""
    run_id = await admitted(db)
    count = await append(db, run_id, 0, [b"0", b"1", b"2"])
    async with db.read() as s:
        assert [r.data for r in await lines.after(s, run_id, 1, 1)] == [b"1"]
        assert await lines.after(s, run_id, count, 9) == []


async def test_a_big_batch_is_one_transaction(db: Database) -> None:
    """Five hundred lines at a time, ten thousand in all, within seconds."""
    run_id = await admitted(db)
    batch = [b"a line of a handler, as long as they are"] * 500
    async with asyncio.timeout(30):
        for first in range(0, 10_000, 500):
            await append(db, run_id, first, batch)
    assert (await run_row(db, run_id)).line_count == 10_000
