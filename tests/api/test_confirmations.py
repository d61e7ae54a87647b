"""A question is answered once, by somebody who may, for exactly what was shown."""

from onebox.models import Json
from tests.api import runs
from tests.api.runs import DIGEST, QUESTION, a_run
from tests.api.world import World

PATH = f"/confirmations/{QUESTION}"


async def _asked(world: World) -> str:
    run_id = await a_run(world)
    await runs.begin(world, run_id, "post_job")
    await runs.ask(world, run_id)
    return run_id


def _says(verdict: str, digest: str = DIGEST) -> Json:
    return {"verdict": verdict, "digest": digest}


async def test_the_inbox_shows_question_preview_amount_and_digest(world: World) -> None:
    """A viewer may look; another tenant sees nothing."""
    run_id = await _asked(world)
    (found,) = (await world.get("/confirmations", "viewer")).json()["confirmations"]
    assert (found["run_id"], found["step_id"], found["state"]) == (run_id, "post_job", "pending")
    assert (found["amount"], found["digest"]) == ("52.50", DIGEST)
    assert found["preview"] == ["🧪 would escrow 52.50"]
    assert (await world.get(PATH)).json() == found
    assert (await world.get("/confirmations", "stranger")).json()["confirmations"] == []
    foreign = await world.get(PATH, "stranger")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "CONFIRMATION_NOT_FOUND")


async def test_a_yes_is_stored_and_the_run_is_told(world: World) -> None:
    """Row first, then the nudge; the question leaves the inbox."""
    run_id = await _asked(world)
    answer = await world.post(f"{PATH}/verdict", {**_says("approve"), "comment": "go"})
    body = answer.json()
    assert answer.status_code == 200
    assert (body["state"], body["decided_by"], body["comment"]) == ("approved", "operator", "go")
    assert world.engine.nudged == [(run_id, "post_job")]
    assert (await world.get("/confirmations")).json()["confirmations"] == []


async def test_the_same_answer_again_is_the_same(world: World) -> None:
    """Another answer is 409, whoever gives it."""
    await _asked(world)
    first = await world.post(f"{PATH}/verdict", _says("reject"))
    again = await world.post(f"{PATH}/verdict", _says("reject"), "approver")
    assert (again.status_code, again.json()) == (200, first.json())
    other = await world.post(f"{PATH}/verdict", _says("approve"))
    assert (other.status_code, other.json()["code"]) == (409, "ALREADY_DECIDED")


async def test_the_digest_must_be_that_of_what_was_shown(world: World) -> None:
    """A yes to something else is no yes."""
    await _asked(world)
    answer = await world.post(f"{PATH}/verdict", _says("approve", "e" * 64))
    assert (answer.status_code, answer.json()["code"]) == (409, "DIGEST_MISMATCH")


async def test_silence_rejects(world: World) -> None:
    """After its time the question is expired, swept or not."""
    await _asked(world)
    world.clock.now += 3601
    assert (await world.get(PATH)).json()["state"] == "expired"
    answer = await world.post(f"{PATH}/verdict", _says("approve"))
    assert (answer.status_code, answer.json()["code"]) == (410, "CONFIRMATION_EXPIRED")


async def test_an_answer_counts_while_temporal_is_down(world: World) -> None:
    """The row is stored; the sweep repeats the nudge."""
    await _asked(world)
    world.engine.down = True
    answer = await world.post(f"{PATH}/verdict", _says("approve"))
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    assert world.engine.nudged == []
