"""What a dry run adds to the rules, and what both promise of the tokens."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from onebox.contract import Contract
from onebox.holds import holds_of
from onebox.models import ChainCall, IcsReceipt, Movement, PlanOut, Promise, Step, StepError
from onebox.policy import load_rulebook
from onebox.promise import promise_by_rules, simulated
from onebox.simulator import call_blocker, with_dry_run
from tests.onebox.conftest import POST_JOB
from tests.onebox.planner_eval import plan_sentence
from tests.support.builders import plan_of, step

Say = Callable[..., PlanOut]


def test_a_dry_run_adds_calls_gas_and_errors(say: Say) -> None:
    """Gas sums over the chain steps; an error blocks with the code of ICS."""
    out = say(POST_JOB)
    assert out.simulation is not None
    calls = [
        ChainCall(
            step_id="post_job", tool="job.post", status="ok", gas_estimate="100", fee_wei="7"
        ),
        ChainCall(step_id="finalize_payout", tool="job.finalize", status="deferred"),
    ]
    sim = with_dry_run(out.simulation, calls)
    assert (sim.total_gas_estimate, sim.total_fee_wei, sim.blockers) == ("100", "7", [])
    assert sim.confirmations[-3:] == [
        "Simulated 1 chain step(s); estimated gas 100.",
        "Network fee at most 0.000000000000000007 ETH.",
        "Proved 1 of 2 step(s); waiting for the world: 1.",
    ]
    failing = ChainCall(
        step_id="post_job",
        tool="job.post",
        status="error",
        error="INSUFFICIENT_BALANCE",
        reason="3 short",
    )
    blocked = with_dry_run(out.simulation, [failing])
    assert [(b.code, b.message) for b in blocked.blockers] == [("INSUFFICIENT_BALANCE", "3 short")]
    assert blocked.risks == ["INSUFFICIENT_BALANCE"]


def test_a_typed_error_of_ics_speaks_once(say: Say) -> None:
    """A blocker made of ICS's error replaces the one that the call would make."""
    out = say(POST_JOB)
    assert out.simulation is not None
    call = ChainCall(step_id="post_job", tool="job.post", status="error", error="REWARD_TOO_HIGH")
    typed = call_blocker(
        out.plan, "post_job", StepError(code="REWARD_TOO_HIGH", message="m", fix="f")
    )
    sim = with_dry_run(out.simulation, [call], [typed])
    assert [(b.fix, b.pointer) for b in sim.blockers] == [("f", "/steps/2/params")]


@pytest.mark.parametrize("reward", ["50", "1.23", "0.07", "0.000000000000000001", "93.46"])
@pytest.mark.parametrize("burn", [0, 3])
def test_what_is_paid_out_is_what_was_escrowed(
    config_dir: Path, contract: Contract, reward: str, burn: int
) -> None:
    """The employer's net is the escrow; all nets sum to nothing; the parts are the breakdown's."""
    rules = load_rulebook(config_dir, None, burn).for_tenant("t")
    sim = plan_sentence(f"Post a job: logo, {reward} AGI, 5 days", rules, contract).simulation
    assert sim is not None
    net = {party: Decimal(text) for party, text in sim.net.items()}
    parts = {name: Decimal(text) for name, text in sim.fee_breakdown.items()}
    assert net["employer"] == -parts["total_budget"]
    assert (sum(net.values(), Decimal(0)), net["stake_manager"]) == (Decimal(0), Decimal(0))
    assert net.get("agent", 0) == parts["agent_pay"]
    assert net.get("validator", 0) == parts["validator_pay"]
    kept = net.get("fee_pool", 0) + net.get("burnt", 0)
    assert kept == parts["protocol_fee"] + parts["burn_fee"]


def promised(config_dir: Path, contract: Contract, *steps: Step) -> Promise:
    """What the rules say of these steps."""
    rules, plan = load_rulebook(config_dir, None, None).for_tenant("t"), plan_of(*steps)
    return promise_by_rules(plan, holds_of(plan, contract, rules.fees), rules.fees)


def moves(promise: Promise) -> list[tuple[str, str, str, str]]:
    """Each movement in short."""
    return [(m.step_id, m.payer, m.payee, m.amount) for m in promise.movements]


STAKE = {"stake": {"amountAGIA": "20", "role": "agent"}}
POST = step("post", tool="job.post", params={"job": {"rewardAGIA": "50", "deadline": 5}})
OWN = {"jobId": {"$from": "post", "path": "jobId"}}


def test_deposit_withdrawal_and_votes_by_the_rules(config_dir: Path, contract: Contract) -> None:
    """A vote moves nothing, and that is a promise too."""
    found = promised(
        config_dir,
        contract,
        step("in", tool="stake.deposit", params=STAKE),
        step("out", tool="stake.withdraw", params=STAKE),
        step("vote", tool="validator.commit", params={"jobId": "4"}),
    )
    assert moves(found) == [
        ("in", "signer", "stake_manager", "20.00"),
        ("out", "stake_manager", "signer", "20.00"),
    ]
    assert (found.signer, found.open) == ("signer", [])


def test_the_way_home_of_an_escrow_of_the_same_plan(config_dir: Path, contract: Contract) -> None:
    """Cancelling returns all of it; a job of somebody else, or a lost one, is left open."""
    found = promised(
        config_dir,
        contract,
        POST,
        step("cancel", "post", tool="job.cancel", params=OWN | {"mode": "cancel"}),
        step("lost", "post", tool="job.finalize", params=OWN | {"success": False}),
        step("other", tool="job.finalize", params={"jobId": "4", "success": True}),
        step("late", "post", tool="job.reclaim", params=OWN | {"mode": "reclaim"}),
    )
    assert moves(found) == [
        ("post", "employer", "stake_manager", "52.50"),
        ("cancel", "stake_manager", "employer", "52.50"),
    ]
    assert found.open == ["lost", "other", "late"]


def test_what_the_chain_showed_replaces_what_the_rules_said(say: Say) -> None:
    """In plan order, each amount once; a step that showed no movement has none."""
    out = say(POST_JOB)
    assert out.simulation is not None
    event = {"from": "0x5", "to": "0x3", "amount": "52.5", "payer": "signer", "payee": None}
    receipt = IcsReceipt.model_validate({"transfers": [event]})
    shown = {"post_job": simulated("post_job", receipt, "employer")}
    calls = [ChainCall(step_id=s.id, tool=s.tool or "", status="ok") for s in out.plan.steps]
    sim = with_dry_run(out.simulation, calls, [], shown)
    assert sim.movements[0] == Movement(
        step_id="post_job",
        payer="employer",
        payee="0x3",
        amount="52.5",
        basis="simulated",
        payer_address="0x5",
        payee_address="0x3",
    )
    assert {m.step_id for m in sim.movements[1:]} == {"finalize_payout"}
    assert (sim.net["employer"], sim.net["0x3"]) == ("-52.50", "52.50")
    none = with_dry_run(out.simulation, calls, [], {"post_job": []})
    assert "employer" not in none.net
