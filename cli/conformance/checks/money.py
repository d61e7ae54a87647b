"""One deposit of one token: the only check that moves any, made when --money says so."""

from cli.conformance.check import must, refused, same
from cli.conformance.checks.samples import STAKE, stake
from cli.conformance.grammar import faults
from cli.conformance.target import Target
from onebox.models import Outcome

_SENT = "⛓️ Tx submitted: "


async def once(on: Target) -> str:
    """Shown, done, and never again: the same transactions, the same lines, the same outcome."""
    ask = stake(on)
    shown = await on.status((await on.show(ask)).key)
    same(shown.outcome, Outcome.DRY_RUN, f"the dry run ({shown.error})")
    first, before = await on.post(ask), await on.status(ask.key)
    same(before.outcome, Outcome.EXECUTED, f"the outcome ({before.error})")
    found = faults(first.lines, before.outcome)
    must(not found, "; ".join(found[:2]))
    txes = [line.removeprefix(_SENT) for line in first.lines if line.startswith(_SENT)]
    same(before.receipt and before.receipt.txes, txes, "the receipt's transactions")
    must(bool(txes), "nothing was sent")
    same((await on.post(ask)).content, first.content, "the second time")
    same(await on.status(ask.key), before, "the outcome afterwards")
    more = {"stake": {"amountAGIA": "2", "role": "platform"}}
    refused(await on.post(ask.saying(params=more).sealed()), 409, "KEY_REUSED", "a higher stake")
    return f"{STAKE}: {len(txes)} transactions, once"


async def one_plan(on: Target) -> str:
    """Every money call of a plan names the same tenant and the same Plan-Max; a second one lies."""
    first = stake(on)
    await on.post(first)
    for other in ({"Plan_Max": "99"}, {"Tenant": "another"}):
        plan = {"Plan_Id": first.headers["Plan-Id"], "Verdict_Ref": first.headers["Verdict-Ref"]}
        ask = stake(on).headed(**plan, **other).sealed()
        await on.post(ask)
        status = await on.status(ask.key)
        same(status.error and status.error.code, "PLAN_RULES_CHANGED", f"a call with {other}")
    return "PLAN_RULES_CHANGED"
