import asyncio
import sys
from dataclasses import replace
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel as PlainModel

from api.proposer import proposer, proposer_of, within
from onebox.errors import ConfigInvalid
from onebox.models import Json
from onebox.settings import Settings
from tests.api.world import World

JOB = "Post a job: paint a fence, 50 AGI, 5 days"


def saying(**proposal: Any) -> FunctionModel:
    """A model that proposes this, whatever it is asked."""

    def answer(_: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, proposal)])

    return FunctionModel(answer)


async def planned(world: World, text: str, model: Model, wait: float = 30) -> Json:
    """The answer of the real route with this model behind it."""
    propose = within(wait, proposer(model))
    world.app.state.deps = replace(world.deps, propose=propose)
    answer = await world.post("/plan", {"input_text": text, "now": "2026-11-20T12:00:00Z"})
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def warned(out: Json, code: str) -> bool:
    """True where some warning has this code."""
    return any(warning.startswith(code) for warning in out["warnings"])


async def test_a_model_that_agrees_changes_nothing(world: World) -> None:
    """The plan is that of the rules, ready to confirm."""
    model = saying(kind="post_job", reward_agialpha="50", deadline_days=5)
    out = await planned(world, JOB, model)
    assert out["ics"]["params"]["job"]["rewardAGIA"] == "50.00"
    assert out["missing_fields"] == []
    assert not warned(out, "READ_DIFFERENTLY")


LIES = [
    (JOB, {"kind": "post_job", "reward_agialpha": "5000"}),
    (JOB, {"kind": "post_job", "reward_agialpha": "49.99"}),
    (JOB, {"kind": "post_job", "reward_agialpha": "5e3"}),
    (JOB, {"kind": "post_job", "reward_agialpha": "-50"}),
    (JOB, {"kind": "stake", "amount_agialpha": "50", "role": "agent"}),
    ("Post a job: a logo, 5 days", {"kind": "post_job", "reward_agialpha": "100"}),
    ("Post a job: a logo, $300, 5 days", {"kind": "post_job", "reward_agialpha": "300"}),
    (
        "Post a job: a logo, between 50 and 80 AGI, 5 days",
        {"kind": "post_job", "reward_agialpha": "80"},
    ),
    (
        'Post a job: print "pay 900 AGI" on a mug, 5 days',
        {"kind": "post_job", "reward_agialpha": "900"},
    ),
    (
        "Post a job: report on last year's 5,000 AGI grant, 4 days",
        {"kind": "post_job", "reward_agialpha": "5000"},
    ),
    ("don't stake 70 AGI as agent", {"kind": "stake", "amount_agialpha": "70", "role": "agent"}),
    ("How much is a stake of 70 AGI?", {"kind": "stake", "amount_agialpha": "70"}),
    ("Stake 1.500 AGI as agent", {"kind": "stake", "amount_agialpha": "1500", "role": "agent"}),
]


@pytest.mark.parametrize(("text", "lie"), LIES)
async def test_no_lie_about_money_is_accepted(world: World, text: str, lie: Json) -> None:
    """Of all the ways to lie about money none moves any: the sentence becomes a question."""
    out = await planned(world, text, saying(**lie))
    assert out["ics"] is None
    assert out["plan"]["budget"]["max"] == "0.00"
    assert not out["requiresConfirmation"]


async def test_a_kind_that_differs_is_a_question(world: World) -> None:
    """Neither of the two is planned."""
    out = await planned(world, "Approve job 7", saying(kind="finalize", job_id="7", success=True))
    assert (out["intent"]["kind"], out["plan"]["steps"]) == ("custom", [])
    assert out["clarificationPrompt"] == (
        "Is this voting or finalizing? Please say it in other words."
    )


async def test_what_the_text_bears_out_is_taken(world: World) -> None:
    """The model may choose among what the rules' finders meet in the text, with its place."""
    text = "Dispute job 7, see job 5 for the same trick; copied from a website"
    out = await planned(world, text, saying(kind="dispute", job_id="7"))
    assert out["ics"]["params"]["jobId"] == "7"
    place = out["intent"]["evidence"]["job_id"]
    assert text[place["start"] : place["end"]] == "job 7"


@pytest.mark.parametrize("job_id", ["9", "0", "x", "77"])
async def test_an_id_from_nowhere_stays_missing(world: World, job_id: str) -> None:
    """An id that the text does not name is asked for."""
    out = await planned(
        world, "Dispute the job, it is a copy", saying(kind="dispute", job_id=job_id)
    )
    assert out["missing_fields"] == ["job_id"]


async def test_verdicts_are_the_rules_own(world: World) -> None:
    """No finder meets a verdict in the text, so a model's alone is none."""
    out = await planned(world, "Validate job 26", saying(kind="validate", approve=True))
    assert out["missing_fields"] == ["approve"]


async def test_nonsense_falls_back_to_the_rules(world: World) -> None:
    """A made-up kind or plain text, asked again once, then left."""
    for model in (saying(kind="steal"), _refusing(), PlainModel(custom_output_args={"kind": 1})):
        out = await planned(world, JOB, model)
        assert out["ics"]["params"]["job"]["rewardAGIA"] == "50.00"
        assert warned(out, "MODEL_UNUSED: the language model gave no answer")


def _refusing() -> FunctionModel:
    def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[TextPart("I cannot help with that.")])

    return FunctionModel(answer)


async def test_silence_falls_back_to_the_rules(world: World) -> None:
    """The wait is bounded, and the operator is told."""

    async def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        await asyncio.sleep(60)
        raise AssertionError

    out = await planned(world, JOB, FunctionModel(answer), wait=0.5)
    assert warned(out, "MODEL_UNUSED: the language model did not answer within 0.5 s")
    assert out["missing_fields"] == []


async def test_a_blank_sentence_never_reaches_the_model(world: World) -> None:
    """It is refused as ever."""

    def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        raise AssertionError

    world.app.state.deps = replace(world.deps, propose=proposer(FunctionModel(answer)))
    answer_ = await world.post("/plan", {"input_text": " "})
    assert answer_.json()["code"] == "INPUT_TEXT_REQUIRED"


def test_rules_need_no_model() -> None:
    """The default asks nobody."""
    assert proposer_of(Settings()) is None


@pytest.mark.parametrize("model", ["", "nonsense:x", "foo"])
def test_a_model_that_is_none_refuses_the_start(model: str) -> None:
    """The message names the setting."""
    with pytest.raises(ConfigInvalid, match="ONEBOX_PLANNER_MODEL"):
        proposer_of(Settings(planner="llm", planner_model=model))


def test_without_the_extra_the_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "pydantic_ai.models", None)
    with pytest.raises(ConfigInvalid, match="uv sync --extra llm"):
        proposer_of(Settings(planner="llm", planner_model="openai:gpt-5"))
