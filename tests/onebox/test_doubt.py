from collections.abc import Callable

import pytest

from onebox.models import PlanOut

Say = Callable[..., PlanOut]
BOTH = ["reward_agialpha", "deadline_days"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Post a 200 AGI job to model wind loads, due in 12 days. Actually make it 250.",
        "Post a 200 AGI job to model wind loads, 12 days. Make it 20 instead.",
        "Job: model wind loads, 12 days, 200 AGI. Sorry, 20",
    ],
)
def test_a_bare_second_thought_about_both_is_a_question(say: Say, sentence: str) -> None:
    """Whether it replaces the amount or the time nobody can tell: neither is kept."""
    assert say(sentence).missing_fields == BOTH


@pytest.mark.parametrize(
    ("sentence", "reward", "days"),
    [
        ("Post a 20 AGI job to tag songs, due in 12 days. Actually make it 25 AGI.", "25.00", 12),
        ("Post a 20 AGI job to tag songs, due in 12 days. Make that 9 days.", "20.00", 9),
        ("Post a 20 AGI job to tag songs in 5 days, no wait, 6", "20.00", 6),
        ("Post a 20 AGI job to tag songs, due in 12 days. Please make it 3 pages.", "20.00", 12),
    ],
)
def test_a_second_thought_with_its_unit_is_taken(
    say: Say, sentence: str, reward: str, days: int
) -> None:
    """A unit, or the words right before, say what is replaced."""
    out = say(sentence)
    assert out.ics is not None
    job = out.ics["params"]["job"]
    assert (job["rewardAGIA"], job["deadline"]) == (reward, days)
