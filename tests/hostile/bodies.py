"""Bodies that no honest client sends. CANARY stands where a secret of the caller's would."""

import json
from typing import Any

CANARY = "canary-5f1d0c"
_C = json.dumps(CANARY).encode()
_TEXT = b'{"input_text": ' + _C


def _deep(depth: int, opened: bytes, closed: bytes) -> bytes:
    return opened * depth + b"1" + closed * depth


# Not JSON as we read it: 400 (413 where it is too large) on every route that reads a body.
MALFORMED: dict[str, bytes] = {
    "blank": b"  \r\n\t ",
    "cut off in a text": b'{"input_text": "' + CANARY.encode(),
    "cut off in an object": _TEXT,
    "no JSON": b"input_text=" + CANARY.encode(),
    "XML": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "single quotes": b"{'input_text': 'x'}",
    "no quotes": b"{input_text: 1}",
    "trailing comma": _TEXT + b",}",
    "leading comma": b"[,1]",
    "comment": _TEXT + b"} // x",
    "two values": _TEXT + b"} {}",
    "two lines": b"{}\n{}",
    "a lonely bracket": b"]",
    "unbalanced": b'{"a": [1}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"input_text": "x"}'.encode("utf-16"),
    "UTF-16 without mark": '{"input_text": "x"}'.encode("utf-16-le"),
    "UTF-32": "{}".encode("utf-32"),
    "UTF-7 smuggling": b"+AHsAfQ-",
    "invalid UTF-8": b'{"input_text": "\xff"}',
    "overlong UTF-8": b'{"input_text": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"input_text": "\xed\xa0\x80"}',
    "UTF-8 cut off": b'{"input_text": "\xe2\x82"}',
    "latin-1": b'{"input_text": "caf\xe9"}',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "only NUL": b"\x00",
    "NUL in a text": b'{"input_text": "a\x00b"}',
    "NUL escaped": rb'{"input_text": "a\u0000b"}',
    "NUL in a name": rb'{"\u0000": 1}',
    "NUL deep inside": rb'{"meta": {"x": [{"y": "\u0000"}]}}',
    "a control character": b'{"input_text": "a\x01b"}',
    "a raw newline in a text": b'{"input_text": "a\nb"}',
    "half a surrogate pair": rb'{"input_text": "\ud83d"}',
    "the other half": rb'{"input_text": "\ude00"}',
    "halves in the wrong order": rb'{"input_text": "\ude00\ud83d"}',
    "half a pair in a name": rb'{"\udfff": 1}',
    "half an escape": rb'{"input_text": "\u12"}',
    "an unknown escape": rb'{"input_text": "\x41"}',
    "NaN": b'{"now": NaN}',
    "Infinity": b'{"now": Infinity}',
    "minus Infinity": b'{"now": -Infinity}',
    "NaN deep inside": b'{"plan": {"steps": [{"params": {"x": [NaN]}}]}}',
    "a float beyond range": b'{"now": 1e999}',
    "a long exponent": b'{"now": 1e' + b"9" * 400 + b"}",
    "an integer beyond 2^53": b'{"now": 9007199254740992}',
    "an integer of 4,300 digits": b'{"now": ' + b"9" * 4300 + b"}",
    "an integer of 200,000 digits": b'{"now": ' + b"9" * 200_000 + b"}",
    "a leading zero": b'{"now": 01}',
    "a plus sign": b'{"now": +1}',
    "a bare fraction": b'{"now": .5}',
    "hexadecimal": b'{"now": 0x10}',
    "a duplicate name": _TEXT + b', "input_text": "Stake 10"}',
    "a duplicate name by escape": _TEXT + rb', "input\u005ftext": "Stake 10"}',
    "a duplicate name deep inside": b'{"plan": {"budget": {"max": "1", "max": "999"}}}',
    "depth 65": _deep(65, b'{"a":', b"}"),
    "depth 300": _deep(300, b"[", b"]"),
    "depth 100,000": b"[" * 100_000,
    "brackets in and out": b"[[]," * 20_000,
    "20,000 values": b"[" + b"0," * 20_000 + b"0]",
    "20,000 names": b"{" + b",".join(b'"%d":0' % n for n in range(20_000)) + b"}",
    "too large": b'{"input_text": "' + b"a" * 300_000 + b'"}',
    "too large and blank": b" " * 300_000,
}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


# JSON, and still nothing that any route takes: 4xx wherever a body is read.
WRONG_SHAPE: dict[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "a number": b"-0",
    "a text": _C,
    "a list": _json([CANARY]),
    "a list of objects": _json([{"plan_id": "a" * 64}]),
    "depth 64": _deep(64, b"[", b"]"),
    "an unknown name": _json({"__proto__": {"admin": CANARY}}),
    "an empty name": _json({"": CANARY}),
    "a class to load": _json({"__class__": "os.system", "args": [CANARY]}),
    "texts that are numbers": _json({"input_text": 5, "plan_id": 5, "verdict": 5}),
    "texts that are lists": _json({"input_text": [CANARY], "plan_id": [], "verdict": []}),
    "texts that are objects": _json({"input_text": {"$ne": CANARY}, "plan_id": {"$gt": ""}}),
    "nulls": _json({"input_text": None, "plan_id": None, "plan": None, "verdict": None}),
    "an odd user": _json({"input_text": "x", "meta": {"userId": f"../{CANARY}"}}),
    "another user": _json({"input_text": "x", "meta": {"userId": "governance"}}),
    "an odd trace": _json({"input_text": "x", "meta": {"traceId": CANARY}}),
    "an odd txMode": _json({"input_text": "x", "meta": {"txMode": CANARY}}),
    "an odd attachment": _json({"input_text": "x", "attachments": [{"size": 1.5}]}),
    "a plan of nothing": _json({"plan": {}}),
    "a plan that is a text": _json({"plan": CANARY}),
    "a plan id of another form": _json({"plan_id": f"../../{CANARY}"}),
    "a plan id with a newline": _json({"plan_id": "a" * 64 + "\n"}),
    "a plan id in capitals": _json({"plan_id": "A" * 64}),
    "SQL": _json({"plan_id": "' OR 1=1 --", "verdict": "'; DROP TABLE runs; --"}),
    "approvals of the wrong kind": _json({"plan_id": "a" * 64, "approvals": {"post_job": True}}),
    "a yes with another digest": _json({"verdict": "approve", "digest": CANARY}),
    "a yes with a long comment": _json(
        {"verdict": "approve", "digest": "a" * 64, "comment": "x" * 2000}
    ),
}
KINDS = ["text/plain", "multipart/form-data; boundary=x", "application/xml", "application/jsonp"]
EVERY: dict[str, bytes] = {**MALFORMED, **WRONG_SHAPE}
