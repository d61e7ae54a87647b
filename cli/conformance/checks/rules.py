"""The endpoint judges by policy and fees itself, whatever its caller has judged.

All but `required` are dry runs: where the endpoint fails to refuse, nothing has moved.
"""

from urllib.parse import quote

from cli.conformance.check import NotChecked, must, refused, same
from cli.conformance.checks.samples import PIN, SCREEN, STAKE, job, pin, screen, stake, too_late
from cli.conformance.grammar import faults
from cli.conformance.target import Ask, Target
from onebox.models import Outcome
from onebox.money import format_amount

_NONE = "0" * 64
_HEADERS = ("Tenant", "Policy_Digest", "Fees_Digest", "Plan_Max")


async def required(on: Target) -> str:
    """Money names the rules under which it was admitted: each of the four headers is wanted."""
    for name in _HEADERS:
        for value in (None, "%"):
            heard = await on.post(too_late(stake(on)).headed(**{name: value}))
            refused(heard, 422, "RULES_REQUIRED", f"money with {name.replace('_', '-')} {value!r}")
    return "422 RULES_REQUIRED"


async def known(on: Target) -> str:
    """A policy or fees under which the endpoint never ran are not taken on trust."""
    await _rejects(on, screen(on).headed(Policy_Digest=_NONE), "POLICY_UNKNOWN")
    await _rejects(on, job(on, "1").headed(Fees_Digest=_NONE), "FEES_CHANGED")
    return "POLICY_UNKNOWN, FEES_CHANGED"


async def budget(on: Target) -> str:
    """More than the plan may move, more than the tenant may move in a day."""
    await _rejects(on, stake(on).headed(Plan_Max="0.50"), "OVER_BUDGET")
    day = on.rulebook.for_tenant(on.tenant).daily_max
    if _same_policy(on):
        above = format_amount(day + 1)
        await _rejects(on, stake(on, above).headed(Plan_Max=above), "OVER_BUDGET")
    return "OVER_BUDGET"


async def tenant(on: Target) -> str:
    """What the tenant's own policy forbids is refused: a tool, a length of jobs, an escrow."""
    if not _same_policy(on):
        raise NotChecked("its policy is another than that of the config folder")
    limits = on.rulebook.for_tenant(on.tenant)
    wrong: dict[str, Ask] = {}
    for tool, ask in {SCREEN: screen(on), PIN: pin(on), STAKE: stake(on)}.items():
        if not limits.allows(tool):
            wrong["TOOL_NOT_ALLOWED"] = ask
    if limits.max_duration_days is not None:
        wrong["JOB_DEADLINE_CAP_EXCEEDED"] = job(on, "1", limits.max_duration_days + 1)
    if limits.max_budget is not None:
        wrong["JOB_BUDGET_CAP_EXCEEDED"] = job(on, format_amount(limits.max_budget + 1))
    for code, ask in wrong.items():
        await _rejects(on, ask, code)
    if not wrong:
        raise NotChecked(f"the policy of {on.tenant} forbids nothing that can be tried")
    return ", ".join(wrong)


async def tenant_name(on: Target) -> str:
    """A tenant's name is percent-encoded UTF-8, and one that nobody knows has the default."""
    named = screen(on).headed(Tenant=quote("Zürich, 2", safe=""))
    heard = await on.post(named.saying(confirm=False))
    same((await on.status(heard.key)).outcome, Outcome.DRY_RUN, "a tenant of any name")
    bare = await on.post(named.headed(Tenant="two words").saying(confirm=False))
    refused(bare, 422, "RULES_REQUIRED", "a tenant that is not encoded")
    return "percent-encoded"


async def _rejects(on: Target, ask: Ask, code: str) -> None:
    """Shown under these headers the call is rejected with one line of this code."""
    heard = await on.post(ask.saying(confirm=False))
    must(bool(heard.key), f"{code}: got {heard}")
    status = await on.status(heard.key)
    found = (status.outcome, status.error and status.error.code)
    same(found, (Outcome.REJECTED, code), f"{ask.body['intent']} as a dry run")
    out = faults(heard.lines, status.outcome)
    must(not out, "; ".join(out[:2]))


def _same_policy(on: Target) -> bool:
    said = on.facts.get("policy")
    return isinstance(said, dict) and said.get("digest") == on.rulebook.policy_digest
