"""The receipt sets what happened beside what the simulation promised."""

from typing import Any

from sqlalchemy import update

from onebox.models import Json, RunState
from store.tables import RunRow
from tests.api import runs
from tests.api.runs import a_run
from tests.api.test_rehearsal import VAULT, receipt, transfer
from tests.api.world import World

POSTED = receipt(transfer("signer", "stake_manager", "52.50"))
PAID = [("validator", "4.00"), ("agent", "46.00"), ("fee_pool", "2.50")]
BURN = transfer("fee_pool", "burnt", "0.025")


def paid(*parts: tuple[str, str]) -> Json:
    """The receipt of a finalize."""
    return receipt(*(transfer("stake_manager", who, amount) for who, amount in parts), BURN)


async def promised(world: World) -> str:
    """A run whose escrow the chain itself has shown beforehand."""
    world.ics.says["create_job"] = {"receipt": POSTED}
    return await a_run(world)


async def settle(world: World, run_id: str, step_id: str, **result: Any) -> None:
    """The step is done, with this receipt of ICS."""
    await runs.begin(world, run_id, step_id)
    await runs.settle(world, run_id, step_id, **result)


async def shown(world: World, run_id: str) -> Json:
    """The receipt's route."""
    answer = await world.get(f"/runs/{run_id}/receipt")
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def states(body: Json, step_id: str) -> dict[str, tuple[Any, Any, str]]:
    """The lines of a step by party."""
    return {
        line["party"]: (line["promised"], line["happened"], line["state"])
        for line in body["lines"]
        if line["step_id"] == step_id
    }


async def counted(world: World) -> str:
    """The counter's line."""
    text = (await world.http.get("/metrics")).text
    return next(line for line in text.splitlines() if line.startswith("onebox_money_mismatch_t"))


async def test_before_anything_settles_the_promise_is_there(world: World) -> None:
    """Every party that the plan would pay, pending."""
    body = await shown(world, await promised(world))
    assert (body["verdict"], body["mismatch"], body["receipt"]) == ("open", None, None)
    assert states(body, "post_job")["employer"] == ("-52.50", None, "pending")
    assert states(body, "finalize_payout")["agent"] == ("46.00", None, "pending")
    assert {line["basis"] for line in body["lines"]} == {"simulated", "rules"}


async def test_a_kept_promise_is_equal_party_by_party(world: World) -> None:
    """To the last unit, whoever of the validators got which part."""
    run_id = await promised(world)
    await settle(world, run_id, "post_job", outputs={"jobId": "7"}, receipt=POSTED)
    halves = [("validator", "2.000000000000000001"), ("validator", "1.999999999999999999")]
    await settle(world, run_id, "finalize_payout", receipt=paid(*halves, *PAID[1:]))
    await runs.end(world, run_id, RunState.SUCCEEDED)
    body = await shown(world, run_id)
    assert (body["verdict"], body["state"]) == ("kept", "succeeded")
    assert states(body, "finalize_payout") == {
        "stake_manager": ("-52.50", "-52.50", "equal"),
        "validator": ("4.00", "4.00", "equal"),
        "agent": ("46.00", "46.00", "equal"),
        "fee_pool": ("2.475", "2.475", "equal"),
        "burnt": ("0.025", "0.025", "equal"),
    }
    assert await counted(world) == "onebox_money_mismatch_total 0.0"


async def test_a_lie_is_shown_at_once_and_counted_once(world: World) -> None:
    """In the receipt, in status, in the counter; polls and scrapes change nothing."""
    run_id = await promised(world)
    lie = receipt(transfer("signer", "stake_manager", "52.49"))
    await settle(world, run_id, "post_job", outputs={"jobId": "7"}, receipt=lie)
    body = await shown(world, run_id)
    assert (body["verdict"], body["mismatch"]["code"]) == ("RECEIPT_MISMATCH",) * 2
    assert body["mismatch"]["fix"]
    assert states(body, "post_job")["employer"] == ("-52.50", "-52.49", "different")
    await runs.end(world, run_id, RunState.SUCCEEDED)
    for _ in range(3):
        status = (await world.get("/status", run_id=run_id)).json()
        assert status["receipts"]["mismatch"]["code"] == "RECEIPT_MISMATCH"
        assert "52.49" in status["receipts"]["mismatch"]["message"]
        assert await counted(world) == "onebox_money_mismatch_total 1.0"


async def test_tokens_for_somebody_who_was_promised_none_are_a_mismatch(world: World) -> None:
    """A party that no promise names is shown by its address."""
    run_id = await promised(world)
    stolen = {**transfer("signer", "stake_manager", "1.00"), "to": "0x" + "9" * 40, "payee": None}
    await settle(world, run_id, "post_job", receipt=receipt(*POSTED["transfers"], stolen))
    body = await shown(world, run_id)
    assert states(body, "post_job")["0x" + "9" * 40] == ("0.00", "1.00", "different")


async def test_an_employer_may_be_his_own_agent(world: World) -> None:
    """Paid as the agent that the rules promised, whatever else he is called."""
    run_id = await promised(world)
    own = paid(PAID[0], ("signer", "46.00"), PAID[2]) | {
        "payouts": [{"to": VAULT, "amount": "46.00", "role": "agent"}]
    }
    await settle(world, run_id, "finalize_payout", outputs={"success": True}, receipt=own)
    body = await shown(world, run_id)
    assert body["mismatch"] is None
    assert states(body, "finalize_payout")["agent"] == ("46.00", "46.00", "equal")


async def test_a_run_that_fails_leaves_its_promise_unreached(world: World) -> None:
    """A lost vote is lawful: nothing was promised for it."""
    run_id = await promised(world)
    await settle(world, run_id, "post_job", outputs={"jobId": "7"}, receipt=POSTED)
    error = {"code": "VALIDATION_REJECTED", "message": "lost"}
    await settle(world, run_id, "validator_review", error=error)
    await runs.end(world, run_id, RunState.FAILED, "validator_review")
    body = await shown(world, run_id)
    assert (body["verdict"], body["mismatch"]) == ("kept", None)
    assert states(body, "post_job")["employer"][2] == "equal"
    assert states(body, "finalize_payout")["agent"] == ("46.00", None, "not_reached")
    assert await counted(world) == "onebox_money_mismatch_total 0.0"


async def test_a_job_that_ended_without_success_is_another_branch(world: World) -> None:
    """The escrow went home by finalize; the rules had promised what a success pays."""
    run_id = await promised(world)
    home = receipt(transfer("stake_manager", "employer", "52.50"))
    await settle(world, run_id, "finalize_payout", outputs={"success": False}, receipt=home)
    body = await shown(world, run_id)
    assert body["mismatch"] is None
    assert states(body, "finalize_payout")["agent"] == ("46.00", "0.00", "not_reached")
    assert states(body, "finalize_payout")["employer"] == ("0.00", "52.50", "not_reached")


async def test_without_a_word_of_the_chain_nothing_is_claimed(world: World) -> None:
    """Somebody resolved the step by hand: done, but unproved."""
    run_id = await promised(world)
    await settle(world, run_id, "post_job", outputs={"jobId": "7"})
    body = await shown(world, run_id)
    assert states(body, "post_job")["employer"] == ("-52.50", None, "unproved")
    assert (body["mismatch"], body["verdict"]) == (None, "open")
    await runs.end(world, run_id, RunState.SUCCEEDED)
    assert (await shown(world, run_id))["verdict"] == "unproved"


async def test_a_run_of_before_was_promised_nothing(world: World) -> None:
    """Its row has no promise: no line, no verdict that nobody could give."""
    run_id = await promised(world)
    async with world.deps.db.write() as session:
        await session.execute(update(RunRow).values(promise=None))
    await settle(world, run_id, "post_job", receipt=POSTED)
    await runs.end(world, run_id, RunState.SUCCEEDED)
    body = await shown(world, run_id)
    assert (body["verdict"], body["lines"], body["mismatch"]) == ("unproved", [], None)


async def test_a_receipt_is_the_tenants_own(world: World) -> None:
    """404 to another tenant, to a malformed and to an unknown id; 401 without a token."""
    run_id = await promised(world)
    for name, user in (
        (run_id, "stranger"),
        ("run_x", "operator"),
        ("run_" + "0" * 32, "operator"),
    ):
        answer = await world.get(f"/runs/{name}/receipt", user=user)
        assert (answer.status_code, answer.json()["code"]) == (404, "RUN_NOT_FOUND")
    assert (await world.http.get(f"/onebox/runs/{run_id}/receipt")).status_code == 401
    assert (await world.get(f"/runs/{run_id}/receipt", user="viewer")).status_code == 200
