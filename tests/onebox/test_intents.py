from collections.abc import Callable

import pytest

from onebox.dag import check
from onebox.models import PlanOut

Say = Callable[..., PlanOut]


def _steps(out: PlanOut) -> list[tuple[str, list[str]]]:
    return [(step.id, list(step.needs)) for step in out.plan.steps]


def test_what_belongs_together_becomes_one_dag(say: Say) -> None:
    """The stake goes first; the budget covers it; ics is the intent named first."""
    out = say("stake 100 as agent and apply to job 7 as bob")
    assert _steps(out) == [("deposit_stake", []), ("apply_job", ["deposit_stake"])]
    assert out.missing_fields == []
    assert out.plan.budget.max == "100.00"
    assert (out.ics or {})["intent"] == "stake"
    assert out.preview_summary == "Stake 100.00 AGIALPHA as agent, then apply to job 7. Proceed?"
    assert out.intent.constraints["ens_subdomain"] == "bob"
    check(out.plan)


def test_the_order_is_that_of_the_chain_not_of_the_words(say: Say) -> None:
    """Applying needs the stake, whichever was said first; ics stays what was said first."""
    out = say("Apply to job 7 as bob and stake 100 AGI as agent")
    assert [step.id for step in out.plan.steps] == ["deposit_stake", "apply_job"]
    assert (out.ics or {})["intent"] == "apply_job"
    assert out.intent.kind == "apply"


def test_a_job_and_a_name_are_said_once(say: Say) -> None:
    """The second act is about the job of the first."""
    out = say("Apply to job 9 as kim and submit https://a.example/x")
    assert out.plan.steps[1].params["jobId"] == "9"
    assert out.plan.steps[1].params["ens"] == {"subdomain": "kim"}


def test_what_one_of_them_lacks_is_asked_for(say: Say) -> None:
    """missing_fields covers all the intents of the plan."""
    out = say("stake 100 AGI and apply to job 7")
    assert out.missing_fields == ["role", "ens_subdomain"]
    assert out.ics is None
    assert not out.requires_confirmation


@pytest.mark.parametrize(
    "text",
    [
        "Cancel job 3 and post a job for a logo, 50 AGI, 5 days",
        "Approve job 3 and finalize job 4 as a success",
        "Withdraw 50 AGI from my agent stake then stake 50 AGI as validator",
        "Stake 100 AGI as validator and apply to job 7 as bob",
        "Apply to job 7 as bob and submit https://a.example/x for job 8",
        "Post a job: logo, 50 AGI, 5 days; and stake 20 AGI as agent",
    ],
)
def test_what_does_not_belong_together_is_a_question(text: str, say: Say) -> None:
    """Nothing is planned, least of all money; the question names the deeds."""
    out = say(text)
    assert (out.intent.kind, out.plan.steps, out.plan.budget.max) == ("custom", [], "0.00")
    assert (out.ics, out.ics_draft, out.requires_confirmation) == (None, None, False)
    assert "Which one comes first?" in (out.clarification_prompt or "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cancel job 5 and get my escrow back", "cancel"),
        ("Finalize job 12 and release the payment, success", "finalize"),
        ("Post a job to collect data and submit a report, 50 AGI, 5 days", "post_job"),
        ("Need someone to write a stake and withdraw module, 90 AGI, 31 days", "post_job"),
        ("Reject job 4 and don't finalize job 5", "validate"),
    ],
)
def test_other_words_for_the_same_deed_are_no_second_intent(text: str, kind: str, say: Say) -> None:
    """Only a clause with an object of its own asks for something of its own."""
    out = say(text)
    assert (out.intent.kind, out.missing_fields) == (kind, [])
