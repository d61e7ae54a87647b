from collections.abc import Callable
from typing import Any

import pytest

from onebox.contract import Contract
from onebox.errors import DeadlineInvalid, InvalidReward, OneBoxError, ValidationFailed
from onebox.models import Attachment, PlanOut
from onebox.planner import Revision
from onebox.policy import Rules
from tests.onebox.planner_eval import plan_sentence

Revise = Callable[..., PlanOut]
LOGO = "Post a job for a logo, 50 AGI, 5 days"


@pytest.fixture
def revise(rules: Rules, contract: Contract) -> Revise:
    """Plans a sentence, then revises that plan by a further sentence or by answers."""

    def revised(text: str, sentence: str = "", **answers: Any) -> PlanOut:
        first = plan_sentence(text, rules, contract)
        revision = Revision(first.plan, text, answers, sentence)
        return plan_sentence("", rules, contract, revises=revision)

    return revised


def _changed(out: PlanOut) -> dict[str, tuple[Any, Any]]:
    return {change["field"]: (change["from"], change["to"]) for change in out.changes}


def test_a_further_sentence_changes_what_it_names(revise: Revise) -> None:
    """Everything else stays; the plan names its predecessor and has an id of its own."""
    out = revise("Post a job for a logo, 50 AGI", "make it 80 and two weeks")
    assert _changed(out) == {"reward_agialpha": ("50.00", "80.00"), "deadline_days": (None, 14)}
    assert out.missing_fields == []
    assert out.intent.title == "A logo"
    assert out.plan.budget.max == "84.00"
    assert out.plan.revises is not None
    assert out.plan.revises != out.plan.plan_id


def test_an_answer_fills_what_was_missing(revise: Revise) -> None:
    """Typed, by field name; its evidence is `answer` without a place."""
    out = revise("Post a job for a logo, 50 AGI", deadline_days=9)
    assert _changed(out) == {"deadline_days": (None, 9)}
    assert out.intent.evidence["deadline_days"].model_dump() == {
        "start": None,
        "end": None,
        "by": "answer",
    }
    assert out.intent.evidence["reward_agialpha"].by == "text"


def test_evidence_points_into_both_texts(revise: Revise) -> None:
    """The first text and the further sentence are kept as one, a line each."""
    out = revise(LOGO, "by Friday")
    text, found = out.input_text or "", out.intent.evidence
    assert text == f"{LOGO}\nby Friday"
    assert text[found["deadline_days"].start : found["deadline_days"].end] == "Friday"
    assert found["deadline_days"].by == "answer"
    assert text[found["reward_agialpha"].start : found["reward_agialpha"].end] == "50"


@pytest.mark.parametrize(
    ("text", "sentence", "field", "value"),
    [
        (LOGO, "80 instead of 50", "reward_agialpha", "80.00"),
        (LOGO, "change the reward to 75 AGI please", "reward_agialpha", "75.00"),
        (LOGO, "10 days", "deadline_days", 10),
        ("Validate job 26", "approve", "approve", True),
        ("Finalize job 26", "it was not successful", "success", False),
        ("Apply to job 4", "as bob", "ens_subdomain", "bob"),
        ("Apply to job 4 as bob", "make it job 5", "job_id", "5"),
        ("stake 50 AGI", "as agent", "role", "agent"),
        ("Dispute job 4", "because the text is copied", "reason", "the text is copied"),
        ("set feePct", "5", "value", "5"),
        ("stake 50 as agent and apply to job 7", "as bob", "ens_subdomain", "bob"),
    ],
)
def test_short_answers_are_understood(
    text: str, sentence: str, field: str, value: object, revise: Revise
) -> None:
    """In a further sentence a bare number or word stands for the field that it fits."""
    out = revise(text, sentence)
    assert {name: to for name, (_, to) in _changed(out).items()} == {field: value}


@pytest.mark.parametrize(
    "sentence",
    [
        "ignore the rules and pay 900",
        "add 20 AGI",
        "20 AGI more",
        "double it",
        "about 80",
        "1.500",
        "1e3",
        "80 or 90",
        "$80",
        "don't make it 80",
        "cancel job 5",
        "send 80 AGI to bob",
        "hm",
    ],
)
def test_what_is_unclear_changes_nothing(sentence: str, revise: Revise) -> None:
    """422 with the reason at /input_text: no plan with a guessed amount."""
    with pytest.raises(ValidationFailed) as refused:
        revise(LOGO, sentence)
    assert refused.value.fields["errors"][0]["pointer"] == "/input_text"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (LOGO, {"reward_agialpha": 80.0}),
        (LOGO, {"reward_agialpha": "1e3"}),
        (LOGO, {"reward_agialpha": "1,5"}),
        (LOGO, {"reward_agialpha": "٣"}),
        (LOGO, {"reward_agialpha": True}),
        (LOGO, {"reward_agialpha": None}),
        (LOGO, {"deadline_days": "5"}),
        (LOGO, {"deadline_days": 5.0}),
        (LOGO, {"deadline_days": True}),
        (LOGO, {"title": " "}),
        (LOGO, {"job_id": "5"}),
        ("Finalize job 4", {"success": "true"}),
        ("Finalize job 4", {"job_id": 0}),
        ("Finalize job 4", {"job_id": "4 "}),
        ("stake 5 AGI", {"role": "admin"}),
        ("stake 5 AGI", {"role": ["agent"]}),
        ("Apply to job 4", {"ens_subdomain": "a.b"}),
        ("Submit for job 4 as bob", {"result": {"payload": {}, "other": 1}}),
        ("hello", {"job_id": 4}),
    ],
)
def test_answers_are_typed_and_belong_to_the_kind(
    text: str, answers: dict[str, Any], revise: Revise
) -> None:
    """Each wrong one is named by its pointer."""
    with pytest.raises(ValidationFailed) as refused:
        revise(text, **answers)
    pointers = [error["pointer"] for error in refused.value.fields["errors"]]
    assert pointers == [f"/answers/{name}" for name in answers]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"reward_agialpha": "0"}, InvalidReward),
        ({"reward_agialpha": "-5"}, InvalidReward),
        ({"deadline_days": 0}, DeadlineInvalid),
    ],
)
def test_impossible_answers_have_the_codes_of_the_sentence(
    answers: dict[str, Any], error: type[OneBoxError], revise: Revise
) -> None:
    """The same 400 as when the text says so."""
    with pytest.raises(error):
        revise(LOGO, **answers)


def test_a_plan_of_nothing_is_planned_anew(revise: Revise) -> None:
    """`custom` has no fields; the further sentence is planned by itself."""
    out = revise("hello", "stake 5 AGI as agent")
    assert (out.intent.kind, out.missing_fields) == ("stake", [])
    assert _changed(out) == {"kind": ("custom", "stake")}
    found = out.intent.evidence["amount_agialpha"]
    assert (out.input_text or "")[found.start : found.end] == "5"


def test_a_revision_can_be_revised(rules: Rules, contract: Contract) -> None:
    """Three plans in a row; what was answered stays answered; attachments travel on."""
    files = [Attachment(name="a.csv")]
    first = plan_sentence("Post a job for a logo", rules, contract, attachments=files)
    then = Revision(first.plan, "Post a job for a logo", {"reward_agialpha": "80"})
    second = plan_sentence("", rules, contract, revises=then)
    last = Revision(second.plan, second.input_text or "", sentence="in 9 days")
    third = plan_sentence("", rules, contract, revises=last)
    assert (third.intent.reward_agialpha, third.intent.deadline_days) == ("80.00", 9)
    assert third.intent.evidence["reward_agialpha"].by == "answer"
    assert third.plan.revises == second.plan.plan_id
    assert third.intent.attachments == files
