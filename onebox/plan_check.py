"""Is a plan what this server would have made of its steps, and does it still fit today?"""

from onebox.contract import Contract
from onebox.digest import plan_digest
from onebox.errors import AmountInvalid, PlanDigestMismatch, PlanInvalid, PlanStale
from onebox.holds import holds_of, total_of
from onebox.models import ChainIdentity, OrchestrationPlan
from onebox.money import format_amount, parse_amount
from onebox.policy import Rules


def check_digest(plan: OrchestrationPlan, plan_id: str) -> None:
    """Refuse a plan that is not the one of this id: something in it was altered.

    Raises:
        PlanDigestMismatch: naming both digests.
    """
    digest = plan_digest(plan)
    if digest != plan_id:
        raise PlanDigestMismatch(f"The plan hashes to {digest}, its plan_id is {plan_id}.")


def stale_fields(
    plan: OrchestrationPlan, rules: Rules, contract: Contract, chain: ChainIdentity
) -> list[str]:
    """JSON Pointers of what the plan rests on and today has otherwise, as /basis/rules.

    A tool that is in no contract is not stale but unknown: the simulator says so.
    """
    tools = _stale_tools(plan, contract)
    old, new = plan.basis.chain, chain
    differs = {
        "/basis/rules": plan.basis.rules != rules.digest,
        "/basis/chain/chainId": old.chain_id != new.chain_id,
        "/basis/chain/registry": old.registry.lower() != new.registry.lower(),
        "/basis/chain/token": old.token.lower() != new.token.lower(),
    }
    return [*tools, *(name for name, different in differs.items() if different)]


def check_consistency(plan: OrchestrationPlan, rules: Rules, contract: Contract) -> None:
    """Refuse a plan whose budget, policies or step kinds are not what the server computes.

    An escrow with a budget of 0 is left to the simulator, which teaches with BUDGET_REQUIRED.

    Raises:
        PlanStale: the rules have changed since the plan was made.
        PlanInvalid: the plan says something else than the server would; `fields` names it.
    """
    if plan.basis.rules != rules.digest:
        raise PlanStale(fields=["/basis/rules"])
    holds = holds_of(plan, contract, rules.fees)
    total, escrows = total_of(holds), any(hold.purpose == "escrow" for hold in holds)
    told = _units(plan.budget.max, "/budget/max")
    wanted = {
        "/budget/max": told == total or (told == 0 and escrows),
        "/budget/cap": plan.budget.cap == format_amount(rules.daily_max),
        "/policies": plan.policies == rules.policies(),
        **_kinds(plan, contract),
    }
    wrong = [pointer for pointer, fits in wanted.items() if not fits]
    if wrong:
        message = f"The plan does not say what the server computes at {', '.join(wrong)}."
        raise PlanInvalid(message, pointer=wrong[0], fields=wrong)


def _stale_tools(plan: OrchestrationPlan, contract: Contract) -> list[str]:
    used = {step.tool for step in plan.steps if step.tool in contract.tools}
    known = {name: tool.digest for name, tool in contract.tools.items()}
    names = sorted({*(name for name in used if name), *plan.basis.tools})
    return [
        f"/basis/tools/{name}" for name in names if plan.basis.tools.get(name) != known.get(name)
    ]


def _kinds(plan: OrchestrationPlan, contract: Contract) -> dict[str, bool]:
    tools = contract.tools
    return {
        f"/steps/{index}/kind": step.kind is tools[step.tool].kind
        for index, step in enumerate(plan.steps)
        if step.tool in tools
    }


def _units(text: str, pointer: str) -> int:
    try:
        return parse_amount(text)
    except AmountInvalid as error:
        raise PlanInvalid(error.message, pointer=pointer) from error
