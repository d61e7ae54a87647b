"""`make test` and `make lint`: no failure gets lost."""

import sys

import pytest

from cli.gate.__main__ import check
from cli.gate.sections import Section


def _section(name: str, code: str, *, closing: int = 1, live: bool = False) -> Section:
    return Section(name, (sys.executable, "-c", code), closing=closing, live=live)


def test_all_sections_passed(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, each section with its time and its closing line."""
    lanes = [[_section("gate one", "print('12 tests')")], [_section("gate two", "")]]
    assert check(lanes, []) == 0
    said = capsys.readouterr().out
    assert "passed gate one in" in said
    assert "    12 tests" in said
    assert "2 of 2 sections passed" in said


@pytest.mark.parametrize("live", [False, True])
def test_one_failure_is_the_end_of_the_whole(
    *, live: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, the section's whole output, and the other sections still run."""
    bad = _section("gate bad", "print('why it failed'); raise SystemExit(2)", live=live)
    good = _section("gate good", "print('ran')")
    assert check([[good]], [bad]) == 1
    said = capfd.readouterr().out
    assert "FAILED gate bad" in said
    assert "why it failed" in said
    assert "passed gate good" in said
