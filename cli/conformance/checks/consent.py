"""Nothing runs without a yes to exactly this."""

from cli.conformance.check import must, refused, same
from cli.conformance.checks.samples import pin, screen, stake, too_late
from cli.conformance.target import Ask, Target
from onebox.models import Outcome

_HEADERS = ("Idempotency_Key", "Plan_Id", "Step_Digest", "Not_After")


async def confirm(on: Target) -> str:
    """Absent, null or a word: silence is no yes, and no no either."""
    ask = pin(on)
    silent = Ask({name: said for name, said in ask.body.items() if name != "confirm"}, ask.headers)
    refused(await on.post(silent), 422, "CONFIRM_REQUIRED", "an absent confirm")
    for word in (None, "true", 1):
        heard = await on.post(ask.saying(confirm=word))
        same(heard.http, 422, f"confirm: {word!r}")
    await _nothing_ran(on, ask)
    return "422 CONFIRM_REQUIRED"


async def dry_run(on: Target) -> str:
    """`confirm: false` shows: the outcome says so, and an Idempotency-Key brings nothing about."""
    ask = screen(on)
    heard = await on.post(ask.saying(confirm=False))
    status = await on.status(heard.key)
    same(status.outcome, Outcome.DRY_RUN, "the outcome of a dry run")
    must(heard.key != ask.key, "a dry run took the caller's key")
    await _nothing_ran(on, ask)
    return "shown, not done"


async def headers(on: Target) -> str:
    """A confirmed call without one of its four headers is not taken in."""
    for name in _HEADERS:
        ask = pin(on).headed(**{name: None})
        refused(await on.post(ask), 422, "KEY_REQUIRED", f"without {name.replace('_', '-')}")
    ask = pin(on)
    heard = await on.post(ask.headed(Idempotency_Key="no key"))
    refused(heard, 422, "KEY_REQUIRED", "a malformed key")
    return "422 KEY_REQUIRED"


async def verdict(on: Target) -> str:
    """Money wants the reference of a yes; what moves none does not."""
    ask = too_late(stake(on))
    for said in (None, "yes"):
        heard = await on.post(ask.headed(Verdict_Ref=said))
        refused(heard, 422, "VERDICT_REQUIRED", f"money with Verdict-Ref {said!r}")
    await _nothing_ran(on, ask)
    pure = await on.post(screen(on).headed(Verdict_Ref=None))
    same(pure.http, 200, "a pure intent without a verdict")
    return "422 VERDICT_REQUIRED"


async def digest(on: Target) -> str:
    """The yes is to these params and no others."""
    ask = pin(on)
    for other in (ask.headed(Step_Digest="0" * 64), ask.saying(params={"spec": {"other": 1}})):
        refused(await on.post(other), 409, "DIGEST_MISMATCH", "another digest")
    await _nothing_ran(on, ask)
    return "409 DIGEST_MISMATCH"


async def _nothing_ran(on: Target, ask: Ask) -> None:
    status = await on.status(ask.key)
    same(status.outcome, Outcome.UNKNOWN_KEY, "the key afterwards")
