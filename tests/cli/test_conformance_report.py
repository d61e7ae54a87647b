"""The conformance kit by itself: its grammar, its reading of chunks, what it shows."""

import asyncio
import io
import json

import pytest
from rich.console import Console

from cli.conformance import report
from cli.conformance.grammar import faults
from cli.conformance.run import Finding
from cli.conformance.wire import chunks_of
from onebox.models import Outcome

HASH = "0x" + "ab" * 32
TITLE, BULLET, SENT = "🔍 Stake dry-run (direct)", "• Role: agent", f"⛓️ Tx submitted: {HASH}"
SHOWN = "🧪 Dry-run completed. Set confirm=true to execute."
FOUND = [
    Finding("a.one", "holds [always]", "passed", "seen"),
    Finding("b.two", "breaks", "failed", "wanted\n1"),
    Finding("c.three", "no occasion", "skipped", "none"),
]


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ([TITLE, BULLET, SHOWN], Outcome.DRY_RUN),
        ([TITLE, BULLET, SENT, SENT, "✅ Done."], Outcome.EXECUTED),
        ([TITLE, BULLET, SENT, "❌ TX_REVERTED: It failed."], Outcome.FAILED),
        (["❌ FENCED: Nothing ran."], Outcome.REJECTED),
        ([SENT, TITLE, "• Waiting for: a vote"], Outcome.WAITING),
    ],
)
def test_the_grammar_takes_what_it_says(lines: list[str], outcome: Outcome) -> None:
    """Each outcome with its closing line."""
    assert faults(lines, outcome) == []


@pytest.mark.parametrize(
    ("lines", "outcome", "word"),
    [
        ([TITLE, "plain words", SHOWN], Outcome.DRY_RUN, "no form"),
        ([TITLE, SENT, SHOWN], Outcome.DRY_RUN, "sent a transaction"),
        ([TITLE, BULLET], Outcome.EXECUTED, "without its done line"),
        ([], Outcome.REJECTED, "without its refused line"),
        (["✅ Done.", TITLE, "✅ Done."], Outcome.EXECUTED, "not the last"),
        ([BULLET, "✅ Done."], Outcome.EXECUTED, "before every title"),
        ([f"❌ REVERTED: {HASH}00"], Outcome.FAILED, "call data"),
        (["❌ something failed"], Outcome.FAILED, "no form"),
        (["⛓️ Tx submitted: 0x12", "✅ Done."], Outcome.EXECUTED, "no form"),
    ],
)
def test_the_grammar_names_what_leaves_it(lines: list[str], outcome: Outcome, word: str) -> None:
    """One word of the fault is enough to find it."""
    assert word in "; ".join(faults(lines, outcome))


@pytest.mark.parametrize(
    ("head", "body", "chunks"),
    [
        (b"Transfer-Encoding: chunked", b"4\r\nab\nc\r\n2\r\nd\n\r\n0\r\n\r\n", [b"ab\nc", b"d\n"]),
        (b"Content-Length: 6", b"ab\ncd\n", [b"ab\ncd\n"]),
    ],
)
async def test_chunks_are_read_as_they_were_sent(
    head: bytes, body: bytes, chunks: list[bytes]
) -> None:
    """However the bytes come in; a body with a length is one."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        for byte in b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body:
            writer.write(bytes([byte]))
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await chunks_of(f"http://127.0.0.1:{port}/intents", {}, b"{}") == chunks


def test_a_terminal_gets_a_table_and_a_pipe_gets_lines() -> None:
    """The same findings; in a pipe one line each, whatever the detail holds."""
    shown = _said(terminal=True)
    assert "what must hold" in shown
    assert "holds [always]" in shown
    plain = _said(terminal=False).splitlines()
    assert plain == [
        "passed\ta.one\tholds [always]\tseen",
        "failed\tb.two\tbreaks\twanted 1",
        "skipped\tc.three\tno occasion\tnone",
        "1 passed, 1 failed, 1 skipped",
    ]


def test_a_program_gets_one_document() -> None:
    """Counts and findings."""
    document = json.loads(report.as_json(FOUND))
    assert document["counts"] == {"passed": 1, "failed": 1, "skipped": 1}
    assert document["findings"][1]["detail"] == "wanted\n1"


def _said(*, terminal: bool) -> str:
    out = io.StringIO()
    report.show(FOUND, Console(file=out, force_terminal=terminal, width=120, color_system=None))
    return out.getvalue()
