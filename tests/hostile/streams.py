"""What a hostile handler says, as HTTP chunks."""

_SMILE = "📦 Ω✓ é e\N{COMBINING ACUTE ACCENT}\n".encode()
_ALL = "\ufeffé€😀\u2028b\u0085c\vd\fe\x1cf\u2029g\n\x00\r\n \r\n\n\te\u0301\u202e ".encode()

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
    "all of it, byte by byte": [bytes([byte]) for byte in _ALL],
    "every byte, backwards": [bytes(range(255, -1, -1)), b"\n"],
    "half a character at the end": [b"one\n", b"\xf0\x9f\x98"],
    "escapes that are text": [b"\\x00\\u0000\\n\n", b'"\\ud800"\n'],
    "a lie": ["✅ Job posted with ID 7\n".encode(), b'{"outcome": "executed", "jobId": "7"}\n'],
}
LIES = [
    "✅ Job posted with ID 7",
    "✅ Deposited 20 AGIALPHA.",
    '{"outcome":"executed","outputs":{"jobId":"7"}}',
    "HTTP/1.1 200 OK",
    "❌ failed",
]
# What a stream said first, what it says when it is asked again, and what is kept of both.
REPEATS: dict[str, tuple[bytes, bytes, bytes]] = {
    "less": (b"one\ntwo\n", b"one\n", b"one\ntwo\n"),
    "nothing": (b"one\ntwo\n", b"", b"one\ntwo\n"),
    "twice": (b"one\n", b"one\none\n", b"one\none\n"),
    "another byte": (b"one\ntwo\n", b"one\ntwO\n", b"one\ntwo\ntwO\n"),
    "something before": (b"one\n", b"new\none\n", b"one\nnew\none\n"),
    "its last line, longer": (b"one\ntw", b"one\ntwo\nth", b"one\ntwo\nth"),
    "its last line, shorter": (b"one\ntwo", b"one\ntw\n", b"one\ntwotw\n"),
    "its last line, ended": (b"one\ntwo", b"one\ntwo\n", b"one\ntwo\n"),
    "its last line, open": (b"one\ntwo\n", b"one\ntwo", b"one\ntwo\n"),
    "the rest of a character": (b"\xf0\x9f", b"\xf0\x9f\x93\xa6\n", b"\xf0\x9f\x93\xa6\n"),
}
