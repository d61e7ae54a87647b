"""Who acts and under which trace: needed, checked, and never touched."""

from uuid import uuid4

from cli.conformance.check import refused, same
from cli.conformance.checks.samples import screen
from cli.conformance.target import Target
from onebox.models import Outcome

_TRACE = "7B1C1D3E-0000-4000-8000-00000000000A"


async def needed(on: Target) -> str:
    """Without a part, with a malformed or an unknown one: refused, naming where."""
    honest = {"userId": on.user, "traceId": str(uuid4())}
    wrong = (
        ("userId", {"traceId": honest["traceId"]}),
        ("userId", {**honest, "userId": "two words"}),
        ("userId", {**honest, "userId": f"{on.user}\n"}),
        ("traceId", {"userId": on.user}),
        ("traceId", {**honest, "traceId": "no uuid"}),
        ("txMode", {**honest, "txMode": "pigeon"}),
        ("orgId", {**honest, "orgId": "other"}),
    )
    for name, meta in wrong:
        heard = await on.show(screen(on).saying(meta=meta))
        refused(heard, 422, "INTENT_INVALID", f"meta {meta}")
        same(heard.pointer, f"/meta/{name}", f"the pointer for {meta}")
    return f"{len(wrong)} forms refused"


async def verbatim(on: Target) -> str:
    """The digest is over the bytes that were sent: an upper-case trace id stays upper-case."""
    ask = screen(on, userId="A.b_c-d@E", traceId=_TRACE)
    changed = {**ask.body["meta"], "traceId": _TRACE.lower()}
    heard = await on.post(ask.saying(meta=changed))
    refused(heard, 409, "DIGEST_MISMATCH", "a changed trace id under the old digest")
    await on.post(ask)
    status = await on.status(ask.key)
    same(status.outcome, Outcome.EXECUTED, "the outcome under that meta")
    same(status.digest, ask.headers["Step-Digest"], "the digest that was kept")
    return "as sent"
