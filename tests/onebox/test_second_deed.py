from collections.abc import Callable

import pytest

from onebox.models import IntentKind, PlanOut

Say = Callable[..., PlanOut]


def _not_planned(out: PlanOut) -> list[str]:
    return [w for w in out.warnings if w.startswith("NOT_PLANNED")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Approve job 3 and finalize it", "finalize it"),
        ("Finalize job 3 as a success and dispute it", "dispute it"),
        ("Finalize job 5 as success and withdraw my stake", "withdraw my stake"),
    ],
)
def test_a_second_deed_is_said_back(text: str, words: str, say: Say) -> None:
    """What does not belong to the first deed is left out of the plan, never silently."""
    out = say(text)
    assert out.intent.kind is not IntentKind.CUSTOM
    assert any(f"'{words}'" in warning for warning in _not_planned(out))


def test_a_second_deed_shares_the_first_ones_job(say: Say) -> None:
    """Where the two belong together both are planned, and what the second lacks is asked for."""
    out = say("Apply to job 7 as bob.agent.agi.eth and submit it")
    assert [step.id for step in out.plan.steps] == ["apply_job", "submit_work"]
    assert out.plan.steps[1].params["jobId"] == "7"
    assert out.missing_fields == ["result"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Finalize job 3 as success, 50 AGI bonus", "50"),
        ("Stake 5 AGI as agent for 30 days within 2 weeks", "2 weeks"),
        ("Finalize job 5 as success as bob.agent.agi.eth", "bob.agent.agi.eth"),
    ],
)
def test_what_has_no_place_in_the_kind_is_said_back(text: str, words: str, say: Say) -> None:
    """An amount, a time or a name that the kind has no field for."""
    assert any(f"'{words}'" in warning for warning in _not_planned(say(text)))


@pytest.mark.parametrize(
    "text", ["Cancel job 3 and refund it", "Post a job to apply, submit and vote, 5 AGI, 5 days"]
)
def test_one_deed_in_two_words_is_no_second(text: str, say: Say) -> None:
    """Nor is what a posted job is about."""
    assert _not_planned(say(text)) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Publie un job : logo, quatre-vingt-dix-sept AGI, 5 jours", "97.00"),
        ("Publie un job : logo, soixante-quinze AGI, 5 jours", "75.00"),
        ("Publie un job : logo, cent quatre-vingts AGI, 5 jours", "180.00"),
        ("Post a zero-knowledge demo job, 310 AGI, 5 days", "310.00"),
    ],
)
def test_a_number_in_words_is_read_whole(text: str, amount: str, say: Say) -> None:
    """Never only its last part: `quatre-vingt-dix-sept` is not seven."""
    assert say(text).intent.reward_agialpha == amount


@pytest.mark.parametrize(
    "text",
    [
        "Lend me 30 AGI until Monday",
        "Bob owes me 50 AGI since 3 days",
        "Burn 1,000 AGI in 2 days",
        "Write a text on how to withdraw from a contract as agent, 84 USDC, 6 days",
    ],
)
def test_no_money_moves_where_none_is_asked_to(text: str, say: Say) -> None:
    """Transfers, debts and other currencies are no reward and no stake."""
    assert say(text).plan.budget.max == "0.00"
