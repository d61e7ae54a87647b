from typing import Any

import pytest

from onebox.contract import Contract
from onebox.errors import PlanInvalid, PlanStale
from onebox.plan_check import check_consistency, stale_fields
from onebox.policy import RuleBook, Rules
from tests.onebox.conftest import POST_JOB, PlanOf
from tests.onebox.planner_eval import CHAIN


def test_a_plan_of_ours_is_consistent_and_fresh(
    plan_of: PlanOf, rules: Rules, contract: Contract
) -> None:
    """What the planner makes passes what imported plans must pass."""
    plan = plan_of(POST_JOB)
    check_consistency(plan, rules, contract)
    assert stale_fields(plan, rules, contract, CHAIN) == []


@pytest.mark.parametrize(
    ("part", "update", "pointer"),
    [
        ("budget", {"max": "1.00"}, "/budget/max"),
        ("budget", {"max": "lots"}, "/budget/max"),
        ("budget", {"cap": "999999.00"}, "/budget/cap"),
        ("budget", {"cap": None}, "/budget/cap"),
        ("policies", {"tenant_id": "other"}, "/policies"),
        ("policies", {"require_validator": False}, "/policies"),
    ],
)
def test_what_the_server_would_not_say_is_refused(  # noqa: PLR0913, PLR0917  fixtures and columns
    plan_of: PlanOf,
    rules: Rules,
    contract: Contract,
    part: str,
    update: dict[str, Any],
    pointer: str,
) -> None:
    """Budget, cap and policies are computed, never taken from the caller."""
    plan = plan_of(POST_JOB)
    changed = getattr(plan, part).model_copy(update=update)
    with pytest.raises(PlanInvalid) as refused:
        check_consistency(plan.model_copy(update={part: changed}), rules, contract)
    assert refused.value.fields["pointer"] == pointer


def test_a_stake_may_not_be_hidden_behind_a_budget_of_nothing(
    plan_of: PlanOf, rules: Rules, contract: Contract
) -> None:
    """Only an escrow with budget 0 is left to the simulator's BUDGET_REQUIRED."""
    stake, job = plan_of("Stake 10 AGI as agent"), plan_of(POST_JOB)
    nothing = {"budget": stake.budget.model_copy(update={"max": "0"})}
    check_consistency(job.model_copy(update=nothing), rules, contract)
    with pytest.raises(PlanInvalid, match="/budget/max"):
        check_consistency(stake.model_copy(update=nothing), rules, contract)


def test_other_rules_or_chain_or_tools_make_a_plan_stale(
    plan_of: PlanOf, rulebook: RuleBook, contract: Contract
) -> None:
    """Each difference is named by its pointer."""
    plan = plan_of(POST_JOB)
    other_chain = CHAIN.model_copy(update={"chain_id": 1})
    tools = {**plan.basis.tools, "job.post": "0" * 64}
    del tools["ipfs.pin"]
    basis = plan.basis.model_copy(update={"tools": tools})
    fields = stale_fields(
        plan.model_copy(update={"basis": basis}), rulebook.for_tenant("acme"), contract, other_chain
    )
    assert fields == [
        "/basis/tools/ipfs.pin",
        "/basis/tools/job.post",
        "/basis/rules",
        "/basis/chain/chainId",
    ]
    with pytest.raises(PlanStale):
        check_consistency(plan, rulebook.for_tenant("acme"), contract)
