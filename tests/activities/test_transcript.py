"""Bytes in, lines out: nothing lost, repeated, reordered or trimmed."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.transcript import (
    MAX_BYTES,
    MAX_LINES,
    NOTHING,
    Line,
    OutputLimit,
    Splitter,
    Transcript,
)
from tests.hostile.streams import REPEATS

MEBIBYTE = b"x" * (1024 * 1024)


class Kept:
    """A store of one phase."""

    def __init__(self, stored: list[bytes] | None = None) -> None:
        self.lines: list[Line] = [(line, True) for line in stored or []]
        self.news = asyncio.Event()

    async def append(self, first: int, fresh: Sequence[Line]) -> None:
        """Only at the end."""
        assert first == len(self.lines)
        self.lines.extend(fresh)
        self.news.set()

    def bytes(self) -> bytes:
        """What a reader sees."""
        return b"".join(line + (b"\n" if eol else b"") for line, eol in self.lines)


async def chunks_of(*parts: bytes) -> AsyncIterator[bytes]:
    """A stream that ends properly."""
    for part in parts:
        yield part


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_the_bytes_are_the_same_however_they_are_cut(parts: list[bytes]) -> None:
    """Only a newline ends a line: no other separator does; invalid UTF-8 stays."""
    splitter = Splitter()
    lines = [line for part in parts for line in splitter.feed(part)] + splitter.end()
    assert b"".join(text + (b"\n" if eol else b"") for text, eol in lines) == b"".join(parts)
    assert all(b"\n" not in text for text, _ in lines)


async def test_a_stream_that_starts_again_is_stored_once() -> None:
    """Two lines are stored; the replay repeats them and goes on."""
    kept = Kept([b"one", b"two"])
    await Transcript(kept.lines, kept.append).copy(chunks_of(b"one\ntw", b"o\nthree\n"))
    assert kept.bytes() == b"one\ntwo\nthree\n"


async def test_from_the_first_difference_on_everything_is_new() -> None:
    """A handler that tells it differently the second time loses nothing of either."""
    kept = Kept([b"one", b"two"])
    await Transcript(kept.lines, kept.append).copy(chunks_of(b"one\nTWO\nthree\n"))
    assert kept.bytes() == b"one\ntwo\nTWO\nthree\n"


async def test_a_last_line_without_newline_is_kept_as_it_is() -> None:
    """The end of a proper stream ends its last line, and says that no newline came."""
    kept = Kept()
    await Transcript([], kept.append).copy(chunks_of(b"a\r\nb"))
    assert kept.lines == [(b"a\r", True), (b"b", False)]


async def test_a_broken_stream_keeps_whole_lines_and_is_asked_again() -> None:
    """What came after the last newline is not stored: the next stream brings it whole."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"one\ntw"
        raise ConnectionError

    kept = Kept()
    with pytest.raises(ConnectionError):
        await Transcript([], kept.append).copy(broken())
    assert kept.bytes() == b"one\n"
    await Transcript([(b"one", True)], kept.append).copy(chunks_of(b"one\ntwo\n"))
    assert kept.bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("case", REPEATS.values(), ids=REPEATS)
async def test_what_is_said_again_is_kept_once_however_it_is_cut(
    case: tuple[bytes, bytes, bytes],
) -> None:
    """At every byte; what is new is kept, and nothing is taken back."""
    first, again, kept_of_both = case
    for cut in range(len(again) + 1):
        kept = Kept()
        await Transcript([], kept.append).copy(chunks_of(first))
        script = Transcript(list(kept.lines), kept.append)
        await script.copy(chunks_of(again[:cut], again[cut:]))
        assert kept.bytes() == kept_of_both


async def test_count_and_digest_cover_all_stored_lines() -> None:
    """Two transcripts of the same lines agree, however they were interrupted."""
    whole, resumed = Kept(), Kept([b"one"])
    first = Transcript([], whole.append)
    await first.copy(chunks_of(b"one\ntwo\n"))
    second = Transcript([(b"one", True)], resumed.append)
    await second.copy(chunks_of(b"one\ntwo\n"))
    assert (first.count, first.sha256) == (second.count, second.sha256) == (2, first.sha256)


async def test_a_flood_is_stopped_and_named() -> None:
    """Over the limit the step ends with a code; nothing is cut in silence."""

    async def flood() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * (1024 * 1024) + b"\n"

    with pytest.raises(OutputLimit, match="HANDLER_OUTPUT_LIMIT"):
        await Transcript([], Kept().append).copy(flood())


async def test_a_line_without_an_end_is_stopped_too() -> None:
    """No newline, no stored line: what came counts all the same, or it would fill the memory."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BYTES // len(MEBIBYTE) + 64):
            yield MEBIBYTE

    kept = Kept()
    with pytest.raises(OutputLimit):
        await Transcript([], kept.append).copy(endless())
    assert kept.bytes() == b""


@pytest.mark.parametrize("linger", [0.0, 5.0])
async def test_too_many_lines_are_stopped_and_those_that_came_are_stored(linger: float) -> None:
    """A stream of newlines, short enough to have been kept back for its result."""
    kept = Kept()
    with pytest.raises(OutputLimit):
        await Transcript([], kept.append, linger).copy(chunks_of(b"\n" * (MAX_LINES + 1)))
    assert len(kept.lines) == MAX_LINES + 1


async def test_a_short_stream_is_left_for_the_transaction_of_its_result() -> None:
    """Nothing is stored before; count and digest speak of it all the same; flush stores it."""
    kept, plain = Kept([b"one"]), Kept()
    script = Transcript(kept.lines, kept.append, linger=5.0)
    await script.copy(chunks_of(b"one\ntw", b"o\nthree"))
    assert kept.bytes() == b"one\n"
    assert script.rest == (1, [(b"two", True), (b"three", False)])
    whole = Transcript([], plain.append)
    await whole.copy(chunks_of(b"one\ntwo\nthree"))
    assert (script.count, script.sha256) == (whole.count, whole.sha256)
    await script.flush()
    assert (kept.bytes(), script.rest) == (plain.bytes(), NOTHING)


async def test_whoever_reads_along_sees_the_lines_of_a_longer_stream() -> None:
    """A handler that says one line and goes on working: the line is stored meanwhile."""
    said, kept = asyncio.Event(), Kept()

    async def slow() -> AsyncIterator[bytes]:
        yield b"one\n"
        await said.wait()
        yield b"two\n"

    script = Transcript([], kept.append, linger=0.05)
    copying = asyncio.create_task(script.copy(slow()))
    await asyncio.wait_for(kept.news.wait(), 5)
    said.set()
    await copying
    await script.flush()
    assert kept.bytes() == b"one\ntwo\n"


async def test_a_short_broken_stream_keeps_its_whole_lines() -> None:
    """There will be no result whose transaction could store them."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"one\ntw"
        raise ConnectionError

    kept = Kept()
    with pytest.raises(ConnectionError):
        await Transcript([], kept.append, linger=5.0).copy(broken())
    assert kept.bytes() == b"one\n"
