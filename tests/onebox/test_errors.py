import re

from onebox.errors import InvalidReward, OneBoxError, PlanStale, catalogue


def test_every_code_is_in_the_catalogue_once_with_meaning_and_fix() -> None:
    """Codes are UPPER_SNAKE, unique, sorted, and each says what usually mends it."""
    codes = [entry.code for entry in catalogue()]
    assert codes == sorted(set(codes))
    for entry in catalogue():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", entry.code)
        assert entry.meaning
        assert entry.fix


def test_classes_do_not_share_a_code() -> None:
    """A code names one class."""
    codes = [
        kind.code for kind in OneBoxError.__subclasses__() if kind.__module__.startswith("onebox.")
    ]
    assert len(codes) == len(set(codes))


def test_an_error_says_its_meaning_unless_told_more() -> None:
    """The message defaults to the meaning; extra fields travel to the problem document."""
    assert InvalidReward().message == InvalidReward.meaning
    assert str(InvalidReward("no")) == "INVALID_REWARD: no"
    assert PlanStale(fields=["/basis/rules"]).fields == {"fields": ["/basis/rules"]}
