from collections.abc import Callable

import pytest

from onebox.dag import check
from onebox.errors import (
    DeadlineInvalid,
    InputTextRequired,
    InvalidReward,
    OneBoxError,
    ValidationFailed,
)
from onebox.models import Attachment, PlanOut
from onebox.planner.normalise import MAX_TEXT
from tests.onebox.conftest import POST_JOB

Say = Callable[..., PlanOut]


def test_a_job_becomes_six_steps_in_a_row(say: Say) -> None:
    """Ids, tools and needs of domain.md 2.5, params complete, `$from` where outputs come."""
    plan = say(POST_JOB).plan
    assert [(step.id, step.tool) for step in plan.steps] == [
        ("moderation_gate", "safety.moderation"),
        ("pin_spec", "ipfs.pin"),
        ("post_job", "job.post"),
        ("collect_submissions", "job.collect"),
        ("validator_review", "validator.quorum"),
        ("finalize_payout", "job.finalize"),
    ]
    assert [step.needs for step in plan.steps[1:]] == [[step.id] for step in plan.steps[:-1]]
    assert plan.steps[2].params["job"]["uri"] == {"$from": "pin_spec", "path": "uri"}
    check(plan)


def test_the_answer_is_ready_to_confirm(say: Say) -> None:
    """Nothing missing and no blocker: ics is given, its confirm is true, its meta the plan's."""
    out = say(POST_JOB)
    assert out.requires_confirmation
    assert out.ics is not None
    assert (out.ics["intent"], out.ics["confirm"]) == ("create_job", True)
    assert out.ics["params"] == out.plan.steps[2].params
    assert "txMode" not in out.ics["meta"]
    assert out.preview_summary == (
        "Post job 'Label 500 images', escrowing 50.00 AGIALPHA, duration 5 day(s), "
        "total escrow 52.50 AGIALPHA (fee 5%, burn 0%). Proceed?"
    )


def test_what_is_missing_is_asked_for_and_never_invented(say: Say) -> None:
    """No default reward or deadline; the draft keeps what was said."""
    out = say("Post a job for image labeling")
    assert out.missing_fields == ["reward_agialpha", "deadline_days"]
    assert out.ics is None
    assert out.ics_draft is not None
    assert "rewardAGIA" not in out.ics_draft["params"]["job"]
    assert out.clarification_prompt == (
        "I still need a reward amount and a deadline before I can continue."
    )
    assert not out.requires_confirmation
    assert out.plan.budget.max == "0.00"


def test_three_missing_items_read_as_a_list(say: Say) -> None:
    """domain.md 2.8: commas, and no comma before `and`."""
    assert say("Submit my work for review").clarification_prompt == (
        "I still need a jobId, an ENS subdomain and a result payload or URI before I can continue."
    )


def test_a_value_that_does_not_validate_stays_in_the_draft(say: Say) -> None:
    """PARAM_INVALID names what is allowed; ics is null."""
    out = say("Post a job: logo, 5 AGI, 4000 days")
    assert out.missing_fields == []
    assert out.ics is None
    assert "PARAM_INVALID" in out.warnings


def test_custom_has_no_steps_and_says_what_onebox_does(say: Say) -> None:
    """Both forms are null; the preview lists what can be asked for."""
    out = say("hello there")
    assert (out.ics, out.ics_draft, out.plan.steps, out.simulation) == (None, None, [], None)
    assert "post a job" in out.preview_summary
    assert not out.requires_confirmation


def test_a_blocked_but_complete_plan_keeps_its_ics(say: Say) -> None:
    """Over budget: ics is there with confirm false."""
    out = say("Post a job: logo, 200 AGI, 5 days")
    assert out.ics is not None
    assert out.ics["confirm"] is False
    assert out.warnings == ["OVER_BUDGET"]


def test_a_vote_is_four_steps(say: Say) -> None:
    """Turn, commit, turn, reveal; the ics form is the commitment."""
    out = say("Reject job 17 as dan.club.agi.eth")
    assert [step.id for step in out.plan.steps] == [
        "await_commit",
        "commit_vote",
        "await_reveal",
        "reveal_vote",
    ]
    assert out.ics is not None
    assert out.ics["params"] == {
        "jobId": "17",
        "approve": False,
        "stage": "commit",
        "ens": {"subdomain": "dan"},
    }


def test_attachments_travel_into_the_spec(say: Say) -> None:
    """They are references: name and cid, null fields left out."""
    out = say(POST_JOB, attachments=[Attachment(name="a.csv", cid="bafy")])
    assert out.plan.steps[1].params["spec"]["attachments"] == [{"name": "a.csv", "cid": "bafy"}]
    assert out.simulation is not None
    assert out.simulation.blockers == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", InputTextRequired),
        (" \u2003\u200b\n\u00a0\u3000", InputTextRequired),
        ("Post a job for 0 AGI in 5 days", InvalidReward),
        ("Post a job for -3 AGI in 5 days", InvalidReward),
        ("Post a job: logo, 5 AGI, 0 days", DeadlineInvalid),
        ("Post a job: logo, 5 AGI, by yesterday", DeadlineInvalid),
        ("x" * (MAX_TEXT + 1), ValidationFailed),
    ],
)
def test_what_cannot_be_planned_is_refused(text: str, error: type[OneBoxError], say: Say) -> None:
    """Blank text and impossible values have their own codes."""
    with pytest.raises(error):
        say(text)


def test_titles_are_short(say: Say) -> None:
    """At most 80 characters, cut between words."""
    title = say("Post a job to " + "draw cats " * 50 + ", 5 AGI, 5 days").intent.title
    assert title is not None
    assert len(title) <= 80
