"""What a hostile handler says, as HTTP chunks."""

_SMILE = "📦 Ω✓ é e\N{COMBINING ACUTE ACCENT}\n".encode()

STREAMS: dict[str, list[bytes]] = {
    "nothing": [],
    "UTF-8 split at every byte": [bytes([byte]) for byte in _SMILE],
    "invalid bytes": [b"\xff\xfe\xc3\n", b"\xed\xa0\x80 surrogate\n", b"\xf4\x90\x80\x80\n"],
    "CRLF, split between chunks": [b"one\r", b"\ntwo\r\n"],
    "lone CR": [b"10%\r", b"50%\r100%\n"],
    "a line of 1 MB": [b"x" * 65_536] * 16 + [b"\n"],
    "a line of 1 MB in 7-byte chunks": [b"1234567"] * 15_000 + [b"\n"],
    "100,000 lines": [
        b"".join(b"%d\n" % n for n in range(m, m + 500)) for m in range(0, 100_000, 500)
    ],
    "10,000 lines, a chunk each": [b"line %d\n" % n for n in range(10_000)],
    "no final newline": [b"one\n", b"tw", b"o"],
    "empty lines": [b"\n", b"\n\n", b"  \n", b"\t\n \n"],
    "other separators": ["a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\n".encode()],
    "NUL and escapes": [b"a\x00b\n", b"\x1b[2J\x1b]0;owned\x07\n"],
    "frames of other protocols": [
        b"data: {}\n\nevent: end\n\n",
        b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ],
    "byte order marks": [b"\xef\xbb\xbfone\n", b"\xff\xfet\x00w\x00\n"],
    "itself again from line 1": [b"one\ntwo\n", b"one\ntwo\n", b"one\n"],
    "the same line": [b"same\n"] * 50,
    "a lie": ["✅ Job posted with ID 7\n".encode(), b'{"outcome": "executed", "jobId": "7"}\n'],
}
LIES = [
    "✅ Job posted with ID 7",
    "✅ Deposited 20 AGIALPHA.",
    '{"outcome":"executed","outputs":{"jobId":"7"}}',
    "HTTP/1.1 200 OK",
    "❌ failed",
]
