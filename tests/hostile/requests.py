"""Raw requests by the status that they get. {token} is an operator's, {run} a run of acme's."""

from api.gate import MAX_BODY_BYTES

_END = b"\r\n\r\n"
_AUTH = b"Host: onebox\r\nAuthorization: Bearer {token}\r\nConnection: close"
_JSON = b"\r\nContent-Type: application/json"
_SECOND = b"GET /metrics HTTP/1.1\r\nHost: onebox\r\n\r\n"
BODY = b'{"input_text": "Apply to job 42"}'
_CHUNKED = _JSON + b"\r\nTransfer-Encoding: chunked" + _END


def get(target: bytes, more: bytes = b"", method: bytes = b"GET") -> bytes:
    """A request without a body."""
    return method + b" " + target + b" HTTP/1.1\r\n" + _AUTH + more + _END


def post(body: bytes, more: bytes = _JSON, path: bytes = b"/onebox/plan") -> bytes:
    """A body of honest length."""
    length = b"\r\nContent-Length: %d" % len(body)
    return b"POST " + path + b" HTTP/1.1\r\n" + _AUTH + more + length + _END + body


def framed(after_head: bytes) -> bytes:
    """A plan whose head and body the case writes itself."""
    return b"POST /onebox/plan HTTP/1.1\r\n" + _AUTH + after_head


def status(query: bytes) -> bytes:
    """A look at the run."""
    return get(b"/onebox/status?run_id={run}" + query)


def chunks(body: bytes, head: bytes = b"21", end: bytes = b"0\r\n\r\n") -> bytes:
    """One chunk, perhaps with another head or another end."""
    return framed(_CHUNKED + head + b"\r\n" + body + b"\r\n" + end)


# How HTTP is said.
FRAMES: dict[int, list[bytes]] = {
    200: [
        framed(_JSON + b"\r\nContent-Length: 033" + _END + BODY),
        framed(_JSON + b"\r\nContent-Length:\t33 " + _END + BODY),
        framed(_JSON + b"\r\nContent-Length: 33, 33" + _END + BODY),
        framed(_JSON + b"\r\nExpect: 100-continue\r\nContent-Length: 33" + _END + BODY),
        chunks(BODY, head=b'21;name="a\\"b"'),
        chunks(BODY, head=b"0000021"),
        chunks(BODY, end=b"0\r\nAuthorization: Bearer nobody\r\nContent-Length: 5\r\n\r\n"),
        get(b"/healthz", b"\r\nX: a\r\n folded"),
        get(b"/healthz", b"\r\nX: \xff\x80"),
        get(b"/healthz", b"\r\nUpgrade: h2c"),
        b"GET /healthz HTTP/1.0" + _END,
        get(b"/healthz", b"\r\nContent-Length: %d" % len(_SECOND)) + _SECOND,
    ],
    400: [
        framed(_JSON + b"\r\nContent-Length: " + length + _END + BODY)
        for length in (b"3 3", b"33, 34", b"0x21", b"33.0", b"", b"-0", b"3_3", b"3e1", b"\x0b33")
    ]
    + [
        framed(_JSON + b"\r\nTransfer-Encoding: " + coding + _END + b"21\r\n" + BODY)
        for coding in (b"identity", b"", b'"chunked"', b"chunked;q=1", b"chunked, chunked", b"\x0b")
    ]
    + [chunks(BODY, head=size) for size in (b"-1", b"+21", b" 21", b"2_1", b"", b"20", b"0" * 23)]
    + [
        chunks(BODY, end=b"0\r\nX: \x00\r\n\r\n"),
        chunks(BODY, end=b"XX0\r\n\r\n"),
        b"POST /onebox/plan HTTP/1.0\r\n" + _AUTH + _CHUNKED + b"21\r\n" + BODY + b"\r\n0\r\n\r\n",
        b"GET /healthz HTTP/01.1\r\n" + _AUTH + _END,
        b"GET /healthz http/1.1\r\n" + _AUTH + _END,
        b"GET  /healthz HTTP/1.1\r\n" + _AUTH + _END,
        b"\x00GET /healthz HTTP/1.1\r\n" + _AUTH + _END,
        b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + get(b"/healthz"),
        get(b"/health z"),
        get(b"/onebox/status?run_id=\xc3\xbc"),
        *(get(b"/healthz", b"\r\n" + field) for field in (b": a", b"X Y: a", b"X\xff: a", b"Xa")),
        get(b"/healthz", b"\r\nX: a\rb"),
    ],
    413: [
        framed(_JSON + b"\r\nContent-Length: 18446744073709551616" + _END),
        framed(_JSON + b"\r\nExpect: 100-continue\r\nContent-Length: 999999999" + _END),
        post(b" " * (MAX_BODY_BYTES + 1)),
    ],
    431: [get(b"/healthz", b"\r\nX: " + b"a" * 100_000), get(b"/" + b"a" * 17_000)],
}
# What is asked for.
TARGETS: dict[int, list[bytes]] = {
    200: [
        get(b"/onebox/runs/{run}%2Flines"),
        get(b"/onebox/status?run_id=nobody&run_id={run}"),
        get(b"/onebox/status?" + b"a=b&" * 3000 + b"run_id={run}"),
        status(b"&after=c0.999999999999"),
        status(b"&wait=-0.0&wait=1e-400"),
    ],
    400: [
        status(b"&wait=0.01&after=" + cursor)
        for cursor in (b"", b"c", b"C0.0", b"c-1.0", b"c0.0%0a", b"c%D9%A3.0", b"c999999999999.0")
    ],
    401: [
        get(b"/onebox/nope", method=b"GET").replace(b"Bearer {token}", scheme)
        for scheme in (b"", b"Bearer", b"Bearer  ", b"Basic {token}", b"Bearer {token},{token}")
    ],
    404: [
        get(target)
        for target in (
            *(b"*", b"healthz", b"//healthz", b"/x/../healthz", b"\\healthz", b"/healthz%23"),
            *(b"http://onebox/healthz", b"http://{token}@onebox/healthz", b"/%ff%fe", b"/OneBox"),
            *(
                b"/onebox/runs/" + odd + b"/lines"
                for odd in (b"%", b"%zz", b"%u0041", b"%ed%a0%80")
            ),
            *(
                b"/onebox/runs/{run}" + odd + b"/lines"
                for odd in (b"%0a", b"%00", b"~1", b"~%D9%A3")
            ),
            *(
                b"/onebox/status?run_id=" + odd
                for odd in (b"%ff", b"%00", b"%%%", b"{run}+", b"{run};")
            ),
            b"/onebox/runs/{run}/lines?step=%00",
            b"/onebox/confirmations/" + b"%EF%BC%91" * 32,
        )
    ]
    + [get(b"onebox:443", method=b"CONNECT"), get(b"*", method=b"OPTIONS")],
    405: [
        get(target, method=method)
        for target in (b"/onebox/plan", b"/onebox/confirmations", b"/metrics", b"/openapi.json")
        for method in (
            b"PUT",
            b"PATCH",
            b"DELETE",
            b"OPTIONS",
            b"TRACE",
            b"CONNECT",
            b"BREW",
            b"get",
        )
    ],
    422: [
        status(b"&wait=" + wait)
        for wait in (b"NaN", b"-inf", b"-1", b"1e9", b"61", b"0x1", b"", b"%D9%A1", b"true", b"1,5")
    ]
    + [get(b"/onebox/status?" + b"=" * 15_000), get(b"/onebox/status?run_id[]={run}")],
}
# What the body says it is, and what it is. `tests.hostile.bodies` has many more.
BODIES: dict[int, list[bytes]] = {
    200: [
        post(BODY, b"\r\nContent-Type: " + kind)
        for kind in (b"APPLICATION/JSON", b"application/json; charset=utf-16", b"application/json;")
    ],
    400: [
        post(BODY, b"\r\nContent-Type: " + kind)
        for kind in (b"application/merge-patch+json", b"text/json", b"application/json, text/plain")
    ]
    + [post(BODY, _JSON + b"\r\nContent-Encoding: " + coding) for coding in (b"gzip", b"br", b"x")]
    + [
        post(body)
        for body in (
            *(rb'{"a": 1, "\u0061": 2}', rb'{"a/b": 1, "a\/b": 2}', rb'{"": 1, "": 2}'),
            *(b'{"\\u00e9": 1, "\xc3\xa9": 2}', b'{"\\ud83d\\ude00": 1, "\xf0\x9f\x98\x80": 2}'),
            *(b" \xef\xbb\xbf{}", b'{"a": 1}\xef\xbb\xbf', b'{"a": "\xe0\x80\xaf"}', b"\x0b{}"),
            *(b"{}\xe2\x80\xa8", b"\xc2\xa0{}", b"{}\x00", b'{"a": "\x1f"}', rb'{"a": "\u+041"}'),
            *(b'{"a": -}', b'{"a": 1.}', b'{"a": 1e}', b'{"a": 1_0}', '{"a": 1²}'.encode()),
            *(b'{"a": 9007199254740993.0}', b'{"a": 1e16}', b'{"a": -1e400}', b'{"a": -NaN}'),
            *(b'{"a":[' * 33 + b"]}" * 33, b"[0" + b",0" * 10_001 + b"]", b"]" * 1000),
            *(b'"' * MAX_BODY_BYTES, b"\\" * MAX_BODY_BYTES, b"[]" * (MAX_BODY_BYTES // 2)),
        )
    ],
    422: [
        post(body)
        for body in (
            *(
                b'{"a":[' * 32 + b"]}" * 32,
                b"[0" + b",0" * 10_000 + b"]",
                b'{"a": -0.0, "b": 1e-400}',
            ),
            *(b'{"now": 0.' + b"1" * 100_000 + b"}", b'{"now": 1e-' + b"9" * 100_000 + b"}"),
            *(b'{"' + b"n" * 100_000 + b'": 1}', b"[" + b"1," * 9000 + b"1]"),
            b"{" + b",".join(b'"name%d":0' % n for n in range(4000)) + b"}",
        )
    ],
}
