from collections.abc import Callable

import pytest

from onebox.models import PlanOut

Say = Callable[..., PlanOut]


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("1e3", "an exponent"),
        ("1_000", "underscores"),
        ("0x10", "hexadecimal"),
        ("½", "a fraction"),
        ("2½", "a fraction"),
        ("1/2", "a fraction"),
        ("two and a half", "a fraction"),
        ("٣", "another script"),
        ("1,5", "a decimal comma"),
        ("1.500", "two readings"),
    ],
)
@pytest.mark.parametrize(
    "sentence", ["Post a job for a logo, {} AGI, 5 days", "Stake {} AGI as agent"]
)
def test_a_form_with_two_readings_is_missing_with_the_reason(
    form: str, reason: str, sentence: str, say: Say
) -> None:
    """No amount is guessed; the warning quotes the form."""
    out = say(sentence.format(form))
    assert {*out.missing_fields} & {"reward_agialpha", "amount_agialpha"}
    assert out.plan.budget.max == "0.00"
    assert any(w.startswith("NUMBER_UNCLEAR") and reason in w for w in out.warnings), out.warnings


@pytest.mark.parametrize(
    ("form", "amount"),
    [
        ("1,500", "1500.00"),
        ("1,250.75", "1250.75"),
        ("0.005", "0.005"),
        ("1.5k", "1500.00"),
        ("\uff11\uff12", "12.00"),
        ("1 200", "1200.00"),
        ("1'250", "1250.00"),
        ("two dozen", "24.00"),
        ("one and a half thousand", "1500.00"),
        ("eight hundred and five", "805.00"),
        ("two hundred and fifty", "250.00"),
    ],
)
def test_forms_with_one_reading_are_read(form: str, amount: str, say: Say) -> None:
    """What the evaluation's families know."""
    out = say(f"Post a job for a logo, {form} AGI, 5 days")
    assert (out.intent.reward_agialpha, out.warnings) == (amount, say_risks(out))


def say_risks(out: PlanOut) -> list[str]:
    """The warnings that come from the simulation, not from reading."""
    return [] if out.simulation is None else list(out.simulation.risks)


@pytest.mark.parametrize("place", ["first", "last"])
def test_an_unclear_amount_beside_a_clear_one_is_a_question(place: str, say: Say) -> None:
    """The clear one may not be the reward."""
    amounts = ["1,5 AGI", "20 AGI"] if place == "first" else ["20 AGI", "1,5 AGI"]
    assert (
        "reward_agialpha" in say(f"Post a job, {amounts[0]}, {amounts[1]}, 5 days").missing_fields
    )


def test_working_days_are_no_calendar_days(say: Say) -> None:
    """Missing, with the reason."""
    out = say("Post a job for a logo, 20 AGI, 5 working days")
    assert out.missing_fields == ["deadline_days"]
    assert any("working days" in warning for warning in out.warnings)


@pytest.mark.parametrize(
    ("turn", "reward", "days"),
    [
        ("Actually make it 250 AGI.", "250.00", 12),
        ("Scratch that: 15 days.", "200.00", 15),
        ("Let's say 180 AGI instead.", "180.00", 12),
        ("Correction: 9 days, and 210 AGI.", "210.00", 9),
        ("The last one cost 250 AGI.", "200.00", 12),
    ],
)
def test_second_thoughts_in_a_further_sentence_count(
    turn: str, reward: str, days: int, say: Say
) -> None:
    """What is only told does not."""
    out = say(f"Post a 200 AGI job to model wind loads, due in 12 days. {turn}")
    assert (out.intent.reward_agialpha, out.intent.deadline_days) == (reward, days)


@pytest.mark.parametrize(
    "told",
    [
        "Don't make it 900 AGI.",
        "If late, make it 900 AGI.",
        "The reviewer earned 900 AGI instead.",
        "Write 'Actually make it 900 AGI' on a mug.",
    ],
)
def test_what_is_ruled_out_or_told_is_no_second_thought(told: str, say: Say) -> None:
    """The reward stays, or is asked for; it is never the other amount."""
    assert say(f"Post a job, 40 AGI, 5 days. {told}").intent.reward_agialpha in {"40.00", None}
