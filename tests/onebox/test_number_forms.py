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
