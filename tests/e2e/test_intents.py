"""Every kind of sentence on a stack of its own, to `succeeded` or to the sentence that leads on."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
import pytest_asyncio

from cli.client import ApiError, OneBox
from cli.demo.story import VALIDATORS
from cli.supervisor.supervisor import Supervisor
from onebox.deployment import load_deployment
from onebox.models import RunState, StatusOut
from tests.e2e.lifecycle import begun, done, ended, job_of, staffed, waiting
from tests.e2e.moderator import Outside
from tests.e2e.stacks import stack_on

pytestmark = [pytest.mark.live, pytest.mark.timeout(240), pytest.mark.store("postgresql")]
DAY = 86_400
GRACE = 60  # expirationGracePeriod of config/chain.local.json
DISPUTE_WINDOW = 10


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def up(kind: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Supervisor]:
    """A stack whose clock and terms these tests may change."""
    async with stack_on(kind, tmp_path_factory.mktemp("intents")) as stack:
        yield stack


@pytest_asyncio.fixture(loop_scope="session")
async def outside(up: Supervisor, http: httpx.AsyncClient) -> Outside:
    """Time and the moderator."""
    module = load_deployment(up.deployment_file).addresses.dispute_module
    return Outside(up.endpoints.chain, module, http)


async def posted(user: OneBox, reward: str, days: int) -> tuple[str, str]:
    """A job on the chain: its run, which waits for work, and its number."""
    run_id = await begun(user, f"Post a {reward} AGIALPHA job to tag songs, due in {days} day(s)")
    return run_id, job_of(await waiting(user, run_id, "collect_submissions"))


async def refusal(user: OneBox, sentence: str) -> tuple[str, str]:
    """Code and fix of the one blocker that stands in a sentence's way."""
    plan = (await user.plan(sentence)).plan
    with pytest.raises(ApiError) as refused:
        await user.simulate(plan.plan_id)
    (blocker,) = refused.value.problem["blockers"]
    return blocker["code"], blocker["fix"]


def outputs(found: StatusOut, step_id: str) -> dict[str, object]:
    """What a step of the run brought."""
    return next(step for step in found.steps if step.id == step_id).outputs or {}


def paid(found: StatusOut, role: str) -> list[str]:
    """The amounts that somebody of this role was paid."""
    assert found.receipts is not None
    return [payout.amount for payout in found.receipts.payouts if payout.role == role]


async def settled(user: OneBox, run_id: str, code: str) -> None:
    """The run that posted a job failed for this reason, and nothing of it is still out."""
    found = await ended(user, run_id)
    assert (found.run.state, found.run.error and found.run.error.code) == (RunState.FAILED, code)
    assert found.receipts is not None
    assert found.receipts.held == "0.00"


async def test_a_job_that_nobody_took_is_cancelled(users: dict[str, OneBox]) -> None:
    """The escrow comes home, and its bucket closes."""
    operator = users["operator"]
    run_id, job = await posted(operator, "2", 3)
    code, fix = await refusal(operator, f"Reclaim the escrow of job {job}")
    assert (code, "job.cancel" in fix) == ("CANNOT_EXPIRE", True)
    found = await done(operator, f"Cancel job {job}")
    assert outputs(found, "cancel_job")["returned"] == "2.10"
    assert paid(found, "employer") == ["2.10"]
    await settled(operator, run_id, "JOB_CANCELLED")


async def test_a_rejected_job_is_disputed_decided_and_finalized(
    users: dict[str, OneBox], outside: Outside
) -> None:
    """Stake, apply, submit, validate, dispute, finalize: each sentence succeeds, none is stuck."""
    operator, agent = users["operator"], users["agent"]
    await staffed(users)
    run_id, job = await posted(operator, "3", 3)
    await done(agent, f"Apply to job {job} as alice.agent.agi.eth")
    await done(
        agent, f"Submit https://x.example.org/{job}.zip for job {job} as alice.agent.agi.eth"
    )
    votes = (
        done(users[name], f"Reject job {job} as {ens}.club.agi.eth")
        for name, ens in VALIDATORS.items()
    )
    await asyncio.gather(*votes)
    lost = await ended(operator, run_id)
    assert lost.run.error is not None
    assert lost.run.error.code == "VALIDATION_REJECTED"
    assert lost.receipts is not None
    assert lost.receipts.held == "3.15"
    code, fix = await refusal(operator, f"Finalize job {job} as failed")
    assert (code, fix.startswith(f"Dispute job {job} because")) == ("INVALID_JOB_STATE", True)
    raised = await done(operator, f"Dispute job {job} because the tags are wrong")
    assert raised.run.est_budget == outputs(raised, "raise_dispute")["fee"] == "1.00"
    await outside.pass_time(DISPUTE_WINDOW + 1)
    await outside.decide(job, employer_wins=True)
    found = await done(operator, f"Finalize job {job} as failed")
    assert (paid(found, "employer"), paid(found, "slash")) == (["3.15"], ["1.00"])
    await settled(operator, run_id, "VALIDATION_REJECTED")


async def test_a_job_whose_agent_was_late_is_reclaimed(
    users: dict[str, OneBox], outside: Outside
) -> None:
    """After deadline and grace anybody's sentence brings the escrow home; the day stays spent."""
    operator = users["operator"]
    run_id, job = await posted(operator, "4", 1)
    await done(users["agent"], "Stake 20 AGIALPHA as an agent")
    await done(users["agent"], f"Apply to job {job} as alice.agent.agi.eth")
    code, fix = await refusal(operator, f"Reclaim the escrow of job {job}")
    assert (code, fix.startswith(f"Reclaim job {job} after")) == ("DEADLINE_NOT_REACHED", True)
    await outside.pass_time(DAY + GRACE + 1)
    found = await done(users["approver"], f"Reclaim the escrow of job {job}")
    assert outputs(found, "reclaim_escrow")["returned"] == "4.20"
    await settled(operator, run_id, "DEADLINE_PASSED")
    code, _ = await refusal(operator, "Post a 90 AGIALPHA job to tag songs, due in 3 days")
    assert code == "BUDGET_DAILY_EXCEEDED"


async def test_a_stake_is_withdrawn(users: dict[str, OneBox]) -> None:
    """Stake that no job locks is back at once; more than that says the figures."""
    agent = users["agent"]
    found = await done(agent, "Stake 30 AGIALPHA as an agent")
    staked = Decimal(str(outputs(found, "deposit_stake")["amount"]))
    found = await done(agent, "Withdraw 5 AGIALPHA of my agent stake")
    assert outputs(found, "withdraw_stake")["amount"] == "5.00"
    assert paid(found, "agent") == ["5.00"]
    code, _ = await refusal(agent, f"Withdraw {staked * 9} AGIALPHA of my agent stake")
    assert code == "INSUFFICIENT_STAKE"


async def test_governance_sets_a_parameter(
    users: dict[str, OneBox], http: httpx.AsyncClient
) -> None:
    """Before and after are told; a fee that fees.json does not know stops admission.

    Last in the file: nothing is admitted after it until somebody edits fees.json.
    """
    governance = users["governance"]
    found = await done(governance, "Set maxJobReward to 900")
    changed = outputs(found, "set_parameter")
    assert (changed["before"], changed["after"]) == ("1000.00", "900.00")
    assert any(line.startswith("• Audit trail: governance/") for line in found.logs)
    code, _ = await refusal(users["operator"], "Set maxJobReward to 800")
    assert code == "ROLE_FORBIDDEN"
    code, fix = await refusal(governance, "Set burnPct to 2")
    assert (code, "feePool.setBurnPct" in fix) == ("PARAM_INVALID", True)
    found = await done(governance, "Set feePct to 6")
    assert "CONTRACT_DRIFT" in found.logs[-1]
    for _ in range(100):
        if (await http.get("/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE:
            break
        await asyncio.sleep(0.3)
    plan = (await governance.plan("Set maxJobReward to 700")).plan
    with pytest.raises(ApiError) as refused:
        await governance.execute(plan.plan_id, ["set_parameter"])
    assert (refused.value.status, refused.value.code) == (503, "CONTRACT_DRIFT")
