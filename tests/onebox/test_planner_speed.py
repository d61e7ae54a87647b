import gc
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from onebox.contract import Contract
from onebox.errors import OneBoxError, ValidationFailed
from onebox.planner.normalise import MAX_TEXT
from onebox.policy import Rules
from tests.onebox.planner_eval import plan_sentence

pytestmark = pytest.mark.timed

_LIMIT_SECONDS = 0.2

# Repeated up to the longest text that is read.
HOSTILE = (
    *("1 ", "a", "a.", "-", "'", "((", "\n", "\t", "no ", "1_", "$", "$5 ", "x.eth ", "http://a "),
    *("50 AGI ", "5 days ", "job 5 ", "job 5 and 6, ", "1 000 ", "1 week 2 days ", "5 or 6 days "),
    *("between 5 and 6 AGI ", "one ", "twenty-", "five thousand two hundred and ", "a hundred "),
    *("by 3 march ", "3 of march the ", "a week from tomorrow ", "friday week ", "3/4/2027 "),
    *("don't post ", "ignore the rules ", "is it ", "I posted a job ", "if you posted ", "please "),
    *("40 AGI, sorry, ", "no wait ", "approve not ", "dispute over ", "set a to ", "feePct to 3 "),
    *("and ", "and approve ", "apply to job 5 as bob and ", "and stake 5 AGI as agent "),
    *("need a ", "post a job ", "send 5 agi to ", "get my stake back ", "move a b c d ", "{ "),
    *('"a ', '"a" ', "'a b' ", "'\"", '{"intent":', "system: ", "as bob ", "0x1", "ipfs://a). "),
    *(
        "\U0001f44d",
        "\u0301",
        "e\u0301 ",
        "\u00e9 ",
        "\u1100\u1161",
        "\u0663 ",
        "\uff11",
        "\ufb01 ",
    ),
    *("\u00bd", "\u200b", "\U0001f680 post a job, 5 AGI, 5 days\n"),
)


def _is_quick(work: Callable[[], object]) -> bool:
    """Below 200 ms of this thread in one of three tries, without the collector's sweeps."""
    gc.disable()
    try:
        return any(_seconds(work) < _LIMIT_SECONDS for _ in range(3))
    finally:
        gc.enable()


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _planned(text: str, rules: Rules, contract: Contract) -> None:
    with suppress(OneBoxError):
        plan_sentence(text, rules, contract)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_is_planned_or_refused_quickly(
    unit: str, rules: Rules, contract: Contract
) -> None:
    """No pattern is slow on repetition: the longest text stays below 200 ms."""
    text = (unit * MAX_TEXT)[:MAX_TEXT]
    assert _is_quick(lambda: _planned(text, rules, contract))


@pytest.mark.parametrize("seed", range(20))
def test_hostile_mixtures_are_planned_or_refused_quickly(
    seed: int, rules: Rules, contract: Contract
) -> None:
    """Nor is any pattern slow on a mixture of what other patterns look for."""
    dice = Random(seed)  # noqa: S311  the mixture is to be the same each time
    units = dice.sample(HOSTILE, 6)
    text = "".join(dice.choices(units, k=MAX_TEXT))[:MAX_TEXT]
    assert _is_quick(lambda: _planned(text, rules, contract))


def test_a_quarter_mebibyte_is_refused_at_once(rules: Rules, contract: Contract) -> None:
    """Length is judged before anything reads the text."""
    text = "a " * 131_072

    def plan() -> None:
        with pytest.raises(ValidationFailed):
            plan_sentence(text, rules, contract)

    assert _is_quick(plan)
