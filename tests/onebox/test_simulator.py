import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onebox.contract import Contract
from onebox.models import Json, Meta, OrchestrationPlan, PlanOut, Role, SimOut
from onebox.money import UNIT
from onebox.policy import Rules, load_rulebook
from onebox.simulator import daily_blocker, simulate
from tests.onebox.conftest import POST_JOB, PlanOf
from tests.onebox.planner_eval import META, plan_sentence

Say = Callable[..., PlanOut]


def codes(sim: SimOut) -> list[str]:
    """The codes of the blockers, in order."""
    return [blocker.code for blocker in sim.blockers]


FROM: Json = {"$from": "earlier", "path": "escrow"}


def test_a_posted_job_shows_its_escrow_to_the_last_unit(say: Say) -> None:
    """Reward 50 escrows 52.50; agent 46, validators 4, fee 2.50."""
    sim = say(POST_JOB).simulation
    assert sim is not None
    assert sim.blockers == []
    assert sim.risks == []
    assert (sim.est_budget, sim.est_fees, sim.est_duration) == ("52.50", "2.50", 120)
    assert sim.fee_breakdown == {
        "reward": "50.00",
        "protocol_fee": "2.50",
        "burn_fee": "0.00",
        "total_budget": "52.50",
        "est_fees": "2.50",
        "agent_pay": "46.00",
        "validator_pay": "4.00",
    }
    assert sim.confirmations == [
        "You\N{RIGHT SINGLE QUOTATION MARK}ll escrow 52.50 AGIALPHA (fee 5%, burn 0%).",
        "This plan requires validator quorum (3 validators).",
    ]


@pytest.mark.parametrize("reward", ["1.23", "0.07", "0.000000000000000001", "9.99", "93.46"])
@pytest.mark.parametrize("burn", [0, 3])
def test_the_parts_sum_to_the_total(
    config_dir: Path, contract: Contract, reward: str, burn: int
) -> None:
    """No unit is lost or made by rounding, whatever is burnt."""
    rules = load_rulebook(config_dir, None, burn).for_tenant("t")
    sim = plan_sentence(f"Post a job: logo, {reward} AGI, 5 days", rules, contract).simulation
    assert sim is not None
    parts = {name: Decimal(text) for name, text in sim.fee_breakdown.items()}
    assert parts["reward"] == parts["agent_pay"] + parts["validator_pay"] + parts["burn_fee"]
    assert parts["total_budget"] == parts["reward"] + parts["protocol_fee"]


def test_a_plan_without_escrow_says_so(say: Say) -> None:
    """Finalizing moves no new money."""
    sim = say("Finalize job 42 as a success").simulation
    assert sim is not None
    assert sim.blockers == []
    assert sim.confirmations[0] == "No escrow required for this plan."
    assert sim.est_budget == "0.00"


def test_every_blocker_comes_at_once(config_dir: Path, contract: Contract) -> None:
    """Budget, caps, tools and roads are judged together; each code is one risk."""
    record = {
        "maxBudgetWei": str(UNIT),
        "maxDurationDays": 3,
        "deniedTools": ["job.post", "ipfs.pin"],
    }
    (config_dir / "org-policies.json").write_text(json.dumps({"t": record}), encoding="utf-8")
    rules = load_rulebook(config_dir, None, None).for_tenant("t")
    plan = plan_sentence("Post a job: logo, 200 AGI, 5 days", rules, contract).plan
    meta = Meta.model_validate({**META.model_dump(mode="json"), "txMode": "relayer"})
    relayed = plan.model_copy(update={"metadata": meta})
    sim = judged(relayed, rules, contract, supported_tx={"direct", "raw"})
    assert codes(sim) == [
        "TXMODE_UNSUPPORTED",
        "OVER_BUDGET",
        "JOB_BUDGET_CAP_EXCEEDED",
        "TOOL_NOT_ALLOWED",
        "TOOL_NOT_ALLOWED",
        "JOB_DEADLINE_CAP_EXCEEDED",
    ]
    assert sim.risks == list(dict.fromkeys(codes(sim)))
    assert [detail.code for detail in sim.risk_details] == sim.risks
    assert all(blocker.fix for blocker in sim.blockers)


def judged(plan: OrchestrationPlan, rules: Rules, contract: Contract, **who: Any) -> SimOut:
    """The simulation by an operator without ENS name, unless told otherwise."""
    facts: dict[str, Any] = {"role": Role.OPERATOR, "ens": None, **who}
    return simulate(plan, rules, contract, **facts)


def test_pointers_lead_to_what_is_wrong(say: Say) -> None:
    """A blocker's pointer resolves in the plan."""
    out = say("Post a job: logo, 200 AGI, 5 days")
    assert out.simulation is not None
    (blocker,) = out.simulation.blockers
    assert (blocker.code, blocker.pointer) == ("OVER_BUDGET", "/budget/max")
    assert (blocker.limit, blocker.actual) == ("100.00", out.plan.budget.max)


def test_an_escrow_without_budget_asks_for_one(
    plan_of: PlanOf, rules: Rules, contract: Contract
) -> None:
    """BUDGET_REQUIRED carries the words that clients know."""
    plan = plan_of(POST_JOB)
    empty = plan.model_copy(update={"budget": plan.budget.model_copy(update={"max": "0"})})
    sim = judged(empty, rules, contract)
    assert codes(sim) == ["BUDGET_REQUIRED"]
    assert "Stake the minimum AGIALPHA" in sim.blockers[0].message


def test_missing_fields_and_no_steps_block(say: Say, rules: Rules, contract: Contract) -> None:
    """An incomplete plan names each field; an empty one says that nothing would happen."""
    sim = say("Apply to the newest job").simulation
    assert sim is not None
    assert {(b.code, b.pointer) for b in sim.blockers} == {
        ("FIELDS_MISSING", "/steps/0/params/ens"),
        ("FIELDS_MISSING", "/steps/0/params/jobId"),
    }
    assert codes(judged(say("hello").plan, rules, contract)) == ["NO_STEPS"]


def test_a_vote_needs_an_ens_name_of_text_or_token(say: Say) -> None:
    """ENS_REQUIRED once, and never when the token's record has a name."""
    blocked, free = say("Approve job 42"), say("Approve job 42", ens="carol")
    assert blocked.simulation is not None
    assert free.simulation is not None
    assert codes(blocked.simulation) == ["ENS_REQUIRED"]
    assert codes(free.simulation) == []
    assert all(step.params["ens"] == {"subdomain": "carol"} for step in free.plan.steps)


def test_governance_is_for_governance(plan_of: PlanOf, rules: Rules, contract: Contract) -> None:
    """ROLE_FORBIDDEN for an operator, not for governance."""
    plan = plan_of("Set feePct to 3")
    assert "ROLE_FORBIDDEN" in codes(judged(plan, rules, contract))
    assert "ROLE_FORBIDDEN" not in codes(judged(plan, rules, contract, role=Role.GOVERNANCE))


def test_an_unknown_tool_blocks(plan_of: PlanOf, rules: Rules, contract: Contract) -> None:
    """A tool outside the contract, or none, can not be run."""
    plan = plan_of(POST_JOB)
    steps = [
        step.model_copy(update={"tool": tool})
        for step, tool in zip(plan.steps, ("x", None), strict=False)
    ]
    sim = judged(plan.model_copy(update={"steps": steps}), rules, contract)
    assert codes(sim) == ["TOOL_UNKNOWN", "TOOL_UNKNOWN"]


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"stake": {"amountAGIA": FROM, "role": "agent"}}, "/stake/amountAGIA"),
        ({"stake": FROM}, "/stake"),
        (FROM, ""),
    ],
)
def test_what_is_held_is_known_before_the_run(
    plan_of: PlanOf, rules: Rules, contract: Contract, params: Json, place: str
) -> None:
    """An output may not stand for an amount: nothing would be held for what moves."""
    plan = plan_of("Stake 5 AGI as agent")
    (step,) = plan.steps
    hidden = step.model_copy(update={"params": params})
    sim = judged(plan.model_copy(update={"steps": [hidden]}), rules, contract)
    found = [b.pointer for b in sim.blockers if b.rule == "admission"]
    assert found == [f"/steps/0/params{place}"]


def test_a_stake_of_nothing_is_no_stake(say: Say) -> None:
    """Zero is refused by name, and the words stay in the draft."""
    out = say("Stake 0 AGI as agent")
    assert out.simulation is not None
    assert codes(out.simulation) == ["PARAM_INVALID"]
    assert out.ics is None
    assert out.ics_draft is not None


def test_what_is_left_of_today_is_said() -> None:
    """The constructor for admission names limit, use and rest."""
    blocker = daily_blocker(limit=100 * UNIT, used=80 * UNIT, asked=52 * UNIT)
    assert (blocker.code, blocker.limit, blocker.actual) == (
        "BUDGET_DAILY_EXCEEDED",
        "100.00",
        "132.00",
    )
    assert "20.00 of today's 100.00 are left" in blocker.message
