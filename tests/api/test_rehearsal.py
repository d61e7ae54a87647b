"""A plan is simulated as a whole: what one step would leave, the next one meets."""

from typing import Any

import pytest

from onebox.models import Json, Step, StepKind
from tests.api.plans import post_job_steps, ref, stored
from tests.api.world import World

SIGNER, VAULT, NEXT = "0x" + "5" * 40, "0x" + "3" * 40, "7"
JOB: Json = {"jobId": "4"}
ENS: Json = {"ens": {"subdomain": "alice"}}


def _step(step_id: str, tool: str, params: Json, *needs: str) -> Step:
    kind = StepKind.CHAIN
    return Step(id=step_id, name=step_id, kind=kind, tool=tool, params=params, needs=list(needs))


def transfer(payer: str, payee: str, amount: str) -> Json:
    """A Transfer event as ICS tells it."""
    return {"from": SIGNER, "to": VAULT, "amount": amount, "payer": payer, "payee": payee}


def receipt(*transfers: Json) -> Json:
    """An ICS receipt of these events."""
    return {"txes": [], "cids": [], "payouts": [], "transfers": list(transfers)}


async def simulated(world: World, steps: list[Step]) -> tuple[int, Json]:
    """Status code and the simulation, blocked or not."""
    plan = await stored(world, steps)
    answer = await world.post("/simulate", {"plan_id": plan.plan_id})
    body: Json = answer.json()
    return answer.status_code, body.get("simulation", body)


def statuses(sim: Json) -> list[tuple[str, str]]:
    """What became of each step."""
    return [(call["step_id"], call["status"]) for call in sim["chain_calls"]]


async def test_two_deeds_are_both_proved(world: World) -> None:
    """The application is shown after the deposit, so its stake is there."""
    steps = [
        _step("deposit", "stake.deposit", {"stake": {"amountAGIA": "20", "role": "agent"}}),
        _step("apply", "job.apply", JOB | ENS, "deposit"),
    ]
    code, sim = await simulated(world, steps)
    assert (code, statuses(sim)) == (200, [("deposit", "ok"), ("apply", "ok")])
    assert world.ics.after == [None, "dry:1"]
    assert sim["confirmations"][-1] == "Proved 2 of 2 step(s)."


async def test_every_dry_run_comes_after_the_one_before_it(world: World) -> None:
    """Side branches too: together they spend one purse."""
    stake = {"stake": {"amountAGIA": "20", "role": "agent"}}
    steps = [_step(name, "stake.deposit", stake) for name in ("a", "b", "c")]
    await simulated(world, steps)
    assert world.ics.after == [None, "dry:1", "dry:2"]


async def test_the_number_of_a_job_to_be_is_used_but_not_waited_upon(world: World) -> None:
    """Cancelling a job of the same plan is proved; a wait for it is deferred without a look."""
    world.ics.says["create_job"] = {"outputs": {"jobId": NEXT}, "predicted": ["jobId"]}
    first = post_job_steps()[:3]
    job_id = {"jobId": ref("post_job", "jobId")}
    apply = _step("apply", "job.apply", job_id | ENS, "post_job")
    wait = _step("collect", "job.collect", {"jobId": ref("apply", "jobId")}, "apply")
    world.ics.says["apply_job"] = {"outputs": {"jobId": NEXT}, "predicted": []}
    _, sim = await simulated(world, [*first, apply, wait])
    assert statuses(sim)[-2:] == [("apply", "ok"), ("collect", "deferred")]
    assert world.ics.asked[-1]["params"]["jobId"] == NEXT
    assert world.ics.intents()[-1] == "apply_job"
    assert sim["confirmations"][-1] == "Proved 4 of 5 step(s); waiting for the world: 1."


def vote(needed: str) -> list[Step]:
    """A wait, a deed that needs it."""
    turn = {"jobId": "4", "stage": "commit"}
    commit = {"jobId": "4", "stage": "commit", "approve": True, "ens": {"subdomain": "carol"}}
    return [
        _step(needed, "validator.turn", turn | {"ens": {"subdomain": "carol"}}),
        _step("commit", "validator.commit", commit, needed),
    ]


async def test_a_wait_that_the_world_has_granted_proves_what_follows(world: World) -> None:
    """One look is the dry run of a wait."""
    _, sim = await simulated(world, vote("turn"))
    assert statuses(sim) == [("turn", "ok"), ("commit", "ok")]


async def test_a_wait_that_goes_on_defers_with_its_reason(world: World) -> None:
    """The look says what is waited for; what needs it is deferred too."""
    waits = {"outputs": None, "waiting_for": "the committee of job #4 to be chosen"}
    world.ics.says["await_turn"] = waits
    code, sim = await simulated(world, vote("turn"))
    assert (code, statuses(sim)) == (200, [("turn", "deferred"), ("commit", "deferred")])
    assert sim["chain_calls"][0]["reason"] == "It waits for the committee of job #4 to be chosen."
    assert "turn" in sim["chain_calls"][1]["reason"]
    assert world.ics.intents() == ["await_turn"]


@pytest.mark.parametrize("code", ["NOT_SELECTED", "DEADLINE_PASSED", "JOB_CANCELLED"])
async def test_a_wait_that_can_never_end_well_blocks(world: World, code: str) -> None:
    """Nobody has to start the run to hear so."""
    world.ics.says["await_turn"] = {"outcome": "failed", "error": {"code": code, "message": "no"}}
    status, sim = await simulated(world, vote("turn"))
    assert (status, [b["code"] for b in sim["blockers"]]) == (422, [code])
    assert statuses(sim) == [("turn", "error"), ("commit", "skipped")]


@pytest.mark.parametrize(
    ("code", "answer"), [("AFTER_UNKNOWN", 503), ("AFTER_TOO_LONG", 200), ("INTENT_INVALID", 422)]
)
async def test_what_is_no_fault_of_the_step_does_not_block(
    world: World, code: str, answer: int
) -> None:
    """ICS forgot: ask again. Too much comes before it: proved later. Anything else blocks."""
    world.ics.refuses["apply_job"] = {"code": code, "message": "no"}
    status, sim = await simulated(world, [_step("apply", "job.apply", JOB | ENS)])
    assert status == answer
    if answer == 200:
        assert statuses(sim) == [("apply", "deferred")]


async def test_movements_are_listed_with_their_basis_and_sum_to_nothing(world: World) -> None:
    """The escrow as the chain's events tell it, the payment by the rules; the net per party."""
    moved = receipt(transfer("signer", "stake_manager", "52.50"))
    world.ics.says["create_job"] = {"receipt": moved}
    _, sim = await simulated(world, post_job_steps())
    moves: list[dict[str, Any]] = sim["movements"]
    told = {(m["step_id"], m["payer"], m["payee"], m["amount"], m["basis"]) for m in moves}
    assert told == {
        ("post_job", "employer", "stake_manager", "52.50", "simulated"),
        ("finalize_payout", "stake_manager", "validator", "4.00", "rules"),
        ("finalize_payout", "stake_manager", "agent", "46.00", "rules"),
        ("finalize_payout", "stake_manager", "fee_pool", "2.50", "rules"),
        ("finalize_payout", "fee_pool", "burnt", "0.025", "rules"),
    }
    assert [m["payer_address"] for m in moves if m["step_id"] == "post_job"] == [SIGNER]
    assert sim["net"] == {
        "employer": "-52.50",
        "stake_manager": "0.00",
        "validator": "4.00",
        "agent": "46.00",
        "fee_pool": "2.475",
        "burnt": "0.025",
    }
    assert sim["movements_open"] == []


async def test_what_nobody_can_foretell_is_said(world: World) -> None:
    """A payment whose job is not this plan's, and that has to wait."""
    world.ics.says["await_quorum"] = {"outputs": None, "waiting_for": "votes"}
    steps = [
        _step("review", "validator.quorum", JOB),
        _step("pay", "job.finalize", JOB | {"success": ref("review", "success")}, "review"),
    ]
    _, sim = await simulated(world, steps)
    assert (sim["movements"], sim["movements_open"]) == ([], ["pay"])
