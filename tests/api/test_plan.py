"""Plan: from a sentence to a stored plan, whatever else is down."""

import pytest

from onebox.models import Json
from store import plans
from tests.api.plans import TRACE
from tests.api.world import World

SENTENCE = (
    'Post a job titled "Translate a page" described as "From French to English", '
    "reward 50 AGIALPHA, deadline 7 days"
)
REFUSED = {
    "no text": ({}, "INPUT_TEXT_REQUIRED"),
    "null": ({"input_text": None}, "INPUT_TEXT_REQUIRED"),
    "empty": ({"input_text": ""}, "INPUT_TEXT_REQUIRED"),
    "blank": ({"input_text": " \n\t "}, "INPUT_TEXT_REQUIRED"),
    "zero reward": ({"input_text": "Post a job for 0 AGI, 7 days"}, "INVALID_REWARD"),
    "negative reward": ({"input_text": "Post a job for -5 AGI, 7 days"}, "INVALID_REWARD"),
    "zero deadline": ({"input_text": "Post a job for 5 AGI, 0 days"}, "DEADLINE_INVALID"),
}


async def _plan(world: World, body: Json, user: str = "operator") -> Json:
    answer = await world.post("/plan", body, user)
    assert answer.status_code == 200, answer.text
    planned: Json = answer.json()
    return planned


async def test_a_sentence_becomes_a_stored_plan(world: World) -> None:
    """Six steps, the escrow as budget, and the same plan under its id in the store."""
    planned = await _plan(world, {"input_text": SENTENCE})
    plan = planned["plan"]
    assert planned["intent"]["kind"] == "post_job"
    assert planned["missing_fields"] == []
    assert len(plan["steps"]) == 6
    assert (plan["budget"]["max"], plan["budget"]["cap"]) == ("52.50", "100.00")
    async with world.deps.db.read() as session:
        row = await plans.load_row(session, plan["plan_id"], "acme")
    assert row.input_text == SENTENCE
    assert row.expires_at == world.clock.now + 86_400


async def test_plan_simulate_execute_by_id_and_by_body(world: World) -> None:
    """What /plan answers can be sent on as it came."""
    plan = (await _plan(world, {"input_text": SENTENCE}))["plan"]
    by_id = await world.post("/simulate", {"plan_id": plan["plan_id"]})
    by_body = await world.post("/simulate", {"plan": plan})
    assert by_id.status_code == 200, by_id.text
    assert by_body.json() == by_id.json()
    assert by_id.json()["est_budget"] == "52.50"
    run = await world.post("/execute", {"plan": plan, "approvals": ["post_job"]})
    assert run.status_code == 200
    status = await world.get("/status", run_id=run.json()["run_id"])
    assert [step["name"] for step in status.json()["steps"]][2] == "Post job on-chain"


async def test_planning_works_while_everything_else_is_down(world: World) -> None:
    """Neither ICS nor Temporal is asked; a viewer may plan."""
    world.ics.down = world.engine.down = True
    await _plan(world, {"input_text": SENTENCE}, "viewer")


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
async def test_refused_sentences_are_400(world: World, body: Json, code: str) -> None:
    """Each with its code."""
    answer = await world.post("/plan", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_plan_above_the_day_is_planned_but_blocked(world: World) -> None:
    """/plan never blocks; its simulation says what /simulate will."""
    planned = await _plan(world, {"input_text": SENTENCE.replace("50 AGI", "150 AGI")})
    assert [b["code"] for b in planned["simulation"]["blockers"]] == ["OVER_BUDGET"]
    answer = await world.post("/simulate", {"plan_id": planned["plan"]["plan_id"]})
    blocker = answer.json()["blockers"][0]
    assert (answer.status_code, answer.json()["code"]) == (422, "BLOCKED")
    assert (blocker["limit"], blocker["actual"]) == ("100.00", "157.50")
    assert world.ics.asked == []


async def test_a_plan_with_a_field_missing_is_blocked(world: World) -> None:
    """No default for a deadline: FIELDS_MISSING names it."""
    planned = await _plan(world, {"input_text": 'Post a job titled "A" for 5 AGI'})
    assert "deadline_days" in planned["missing_fields"]
    answer = await world.post("/simulate", {"plan_id": planned["plan"]["plan_id"]})
    assert "FIELDS_MISSING" in [b["code"] for b in answer.json()["blockers"]]


async def test_meta_is_the_callers_token_and_trace(world: World) -> None:
    """TraceId is the caller's or made; an absent txMode stays absent."""
    given = {"input_text": SENTENCE, "meta": {"traceId": TRACE}}
    meta = (await _plan(world, given))["plan"]["metadata"]
    assert meta == {"userId": "operator", "traceId": TRACE, "txMode": None}
    made = (await _plan(world, {"input_text": SENTENCE}))["plan"]["metadata"]["traceId"]
    assert made != TRACE


async def test_now_resolves_words_and_nothing_else(world: World) -> None:
    """Creation and expiry are the server's clock; what is no time is 422."""
    plan = (await _plan(world, {"input_text": SENTENCE, "now": "2001-01-01T00:00:00Z"}))["plan"]
    assert not plan["created_at"].startswith("2001")
    for now in ("soon", "2026-11-20T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T00:00:00Z"):
        answer = await world.post("/plan", {"input_text": SENTENCE, "now": now})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/now")
