"""Requests that are not what they should be, and doors that should be shut."""

from cli.conformance.check import must, refused, same
from cli.conformance.checks.samples import pin, screen
from cli.conformance.target import Target
from onebox.models import Outcome

_DEEP, _LARGE = 100_000, 2_000_000


async def token(on: Target) -> str:
    """Every route but /healthz wants the service token."""
    ask = pin(on)
    routes = ("/contract", f"/intents/{ask.key}", "/jobs/1")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": on.token}):
        for path in routes:
            heard = await on.send("GET", path, headers=headers, known=False)
            refused(heard, 401, "AUTH_INVALID", f"GET {path} with {headers or 'no token'}")
        for path in ("/intents", f"/intents/{ask.key}/fence"):
            heard = await on.send("POST", path, b"{}", headers, known=False)
            refused(heard, 401, "AUTH_INVALID", f"POST {path} with {headers or 'no token'}")
    same((await on.status(ask.key)).outcome, Outcome.UNKNOWN_KEY, "a key fenced by nobody")
    same((await on.send("GET", "/healthz", known=False)).http, 200, "/healthz without a token")
    return "401 AUTH_INVALID"


async def unknown_fields(on: Target) -> str:
    """A word that nobody knows is refused where it stands, not dropped."""
    ask = screen(on)
    wrong = {
        "/extra": ask.saying(extra=1),
        "/params/extra": ask.saying(params={**ask.body["params"], "extra": 1}),
        "/intent": ask.saying(intent="send_everything"),
        "/params/description": ask.saying(params={}),
    }
    for where, other in wrong.items():
        heard = await on.show(other)
        refused(heard, 422, "INTENT_INVALID", where)
        same(heard.pointer, where, "the pointer")
    return "422 INTENT_INVALID with a pointer"


async def junk(on: Target) -> str:
    """What is no JSON object is refused."""
    for body in (b"{", b"[]", b"null", b'"text"', b"\xff\xfe"):
        heard = await on.send("POST", "/intents", body)
        refused(heard, 400, "BODY_INVALID", repr(body))
    return "400 BODY_INVALID"


async def deep(on: Target) -> str:
    """Nesting that would break a recursive reader is refused, and the endpoint lives on."""
    nested = b'{"intent":"pin","params":' + b'{"a":' * _DEEP + b"1" + b"}" * _DEEP + b"}"
    heard = await on.send("POST", "/intents", nested)
    must(heard.http in {400, 413}, f"{_DEEP} levels: {heard}")
    same((await on.get("/healthz")).http, 200, "/healthz afterwards")
    return f"{_DEEP} levels refused"


async def large(on: Target) -> str:
    """A body beyond all measure is refused, and the endpoint lives on."""
    ask = pin(on).saying(params={"spec": {"text": "x" * _LARGE}})
    heard = await on.show(ask)
    must(heard.http in {400, 413}, f"{_LARGE} bytes: {heard}")
    same((await on.get("/healthz")).http, 200, "/healthz afterwards")
    return f"{_LARGE} bytes refused"
