"""A key names one call for ever: asked again, it answers the same and does nothing."""

from jsonschema import Draft202012Validator

from cli.conformance.check import must, refused, same
from cli.conformance.checks.samples import pin, screen
from cli.conformance.target import Ask, Target
from onebox.models import IntentStatus, Outcome

_FIELDS = frozenset(IntentStatus.model_fields) - {"digest", "lines"}


async def replay(on: Target) -> str:
    """The same lines byte for byte, and the same outcome."""
    ask = screen(on)
    first, before = await on.post(ask), await on.status(ask.key)
    again, after = await on.post(ask), await on.status(ask.key)
    same(first.key, ask.key, "Intent-Key")
    same(again.content, first.content, "the second time")
    same(after, before, "the outcome afterwards")
    return f"{len(first.content)} bytes, twice"


async def reuse(on: Target) -> str:
    """The same key for something else is refused, and changes nothing of the first."""
    ask = screen(on)
    first = await on.post(ask)
    other = ask.saying(params={"description": "Something else"}).sealed()
    refused(await on.post(other), 409, "KEY_REUSED", "another request under a used key")
    again = await on.get(f"/intents/{ask.key}")
    same(first.http, 200, "the first request")
    same((again.json() or {}).get("outcome"), Outcome.EXECUTED, "the first outcome")
    return "409 KEY_REUSED"


async def not_after(on: Target) -> str:
    """A call that comes too late is rejected and runs nothing."""
    ask = pin(on).headed(Not_After="1")
    await _rejected(on, ask, "NOT_AFTER_PASSED")
    return "rejected: NOT_AFTER_PASSED"


async def outcome(on: Target) -> str:
    """The typed outcome has its fields, and outputs as the contract says."""
    ask = pin(on)
    await on.post(ask)
    found = (await on.get(f"/intents/{ask.key}")).json() or {}
    missing = sorted(_FIELDS - found.keys())
    must(not missing, f"an outcome without {', '.join(missing)}")
    status = IntentStatus.model_validate(found)
    same((status.key, status.outcome), (ask.key, Outcome.EXECUTED), "key and outcome")
    outputs = Draft202012Validator(on.contract.tools["ipfs.pin"].outputs_schema)
    wrong = [error.message for error in outputs.iter_errors(status.outputs)]
    must(not wrong, f"outputs: {'; '.join(wrong)}")
    return "executed, with outputs and receipt"


async def unknown(on: Target) -> str:
    """A key that nobody used is unknown; what is no key is refused."""
    status = await on.status(pin(on).key)
    same(status.outcome, Outcome.UNKNOWN_KEY, "an unused key")
    refused(await on.get("/intents/nonsense"), 422, "KEY_REQUIRED", "no key at all")
    return "unknown_key"


async def fence_unseen(on: Target) -> str:
    """A fence before the request: it can never run, whenever it comes."""
    ask = pin(on)
    fenced = await on.fence(ask.key)
    same(fenced.outcome, Outcome.NOT_EXECUTED, "a fenced key that nobody used")
    await _rejected(on, ask, "FENCED")
    return "not_executed, then rejected: FENCED"


async def fence_seen(on: Target) -> str:
    """A fence after the request gives what really happened and changes nothing."""
    ask = pin(on)
    await on.post(ask)
    before = await on.status(ask.key)
    same(await on.fence(ask.key), before, "a fenced key that had run")
    same(before.outcome, Outcome.EXECUTED, "its outcome")
    return "executed stays executed"


async def _rejected(on: Target, ask: Ask, code: str) -> None:
    heard = await on.post(ask)
    must(len(heard.lines) == 1 and heard.lines[0].startswith(f"❌ {code}: "), f"said {heard}")
    status = await on.status(ask.key)
    found = (status.outcome, status.error and status.error.code, status.outputs)
    same(found, (Outcome.REJECTED, code, None), "the outcome")
