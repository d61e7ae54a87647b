"""Plans of several deeds on a real chain: proved together beforehand, kept afterwards."""

import httpx
import pytest

from cli.client import OneBox
from onebox.models import ReceiptOut, RunState, SimOut
from tests.e2e.lifecycle import MONEY, begun, ended, job_of, waiting

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


def statuses(sim: SimOut) -> list[str]:
    """What became of each step."""
    return [call.status for call in sim.chain_calls]


def moved(found: ReceiptOut) -> dict[tuple[str, str], tuple[str | None, str]]:
    """What happened by step and party, and whether that was promised."""
    return {(line.step_id, line.party): (line.happened, line.state) for line in found.lines}


async def test_a_deposit_counts_for_the_application_after_it(users: dict[str, OneBox]) -> None:
    """Both are proved in one simulation, on whose state they then run; the receipt is equal."""
    operator, agent = users["operator"], users["agent"]
    run_id = await begun(operator, "Post a 2 AGIALPHA job to label 5 images, due in 7 days")
    job = job_of(await waiting(operator, run_id, "collect_submissions"))
    sentence = f"Stake 20 AGIALPHA as an agent and apply to job {job} as alice.agent.agi.eth"
    plan = (await agent.plan(sentence)).plan
    sim = await agent.simulate(plan.plan_id)
    assert statuses(sim) == ["ok", "ok"]
    assert sim.net == {"signer": "-20.00", "stake_manager": "20.00"}
    assert sim.confirmations[-1] == "Proved 2 of 2 step(s)."
    deeds = [step.id for step in plan.steps if step.tool in MONEY]
    run = await agent.execute(plan.plan_id, deeds)
    assert (await ended(agent, run.run_id)).run.state is RunState.SUCCEEDED
    found = await agent.receipt(run.run_id)
    assert (found.verdict, moved(found)) == (
        "kept",
        {
            ("deposit_stake", "signer"): ("-20.00", "equal"),
            ("deposit_stake", "stake_manager"): ("20.00", "equal"),
        },
    )


async def test_a_posted_job_promises_its_payment_while_it_waits(
    users: dict[str, OneBox], http: httpx.AsyncClient
) -> None:
    """The escrow happened as simulated; who will be paid is pending, and nothing is counted."""
    operator = users["operator"]
    plan = (await operator.plan("Post a 3 AGIALPHA job to name 5 cats, due in 7 days")).plan
    sim = await operator.simulate(plan.plan_id)
    assert statuses(sim) == ["ok", "ok", "ok", "deferred", "deferred", "deferred"]
    assert (sim.net["employer"], sim.net["agent"]) == ("-3.15", "2.76")
    run = await operator.execute(plan.plan_id, ["post_job", "finalize_payout"])
    await waiting(operator, run.run_id, "collect_submissions")
    found = await operator.receipt(run.run_id)
    lines = moved(found)
    assert (found.verdict, lines["post_job", "employer"]) == ("open", ("-3.15", "equal"))
    assert lines["finalize_payout", "agent"] == (None, "pending")
    assert "onebox_money_mismatch_total 0.0" in (await http.get("/metrics")).text
