"""Which steps are done within a workflow task: so many in a row, and never the one before money."""

from onebox.run import RunInput
from tests.support.builders import plan_of, step
from workflows.local_turns import LocalTurns

SHORT = [step(f"s{n}", tool="safety.moderation") for n in range(9)]
STAKE = step("stake", "s8", tool="stake.deposit")
LOOK = step("look", tool="job.collect")


def turns(in_a_row: int | None = None) -> LocalTurns:
    """Those of a run of all these steps, told how many or not."""
    effects = {s.id: "pure" for s in SHORT} | {"stake": "money", "look": "wait"}
    plan = plan_of(*SHORT, STAKE, LOOK)
    start = RunInput(run_id="r", root_run_id="r", tenant="t", plan=plan, effects=effects)
    told = {} if in_a_row is None else {"local_in_a_row": in_a_row}
    return LocalTurns(start.model_copy(update=told))


def test_a_row_ends_and_begins_anew_with_a_new_task() -> None:
    """What a task has taken, the next one may take again."""
    taken = turns(3)
    assert [taken.takes(s) for s in SHORT[:5]] == [True, True, True, False, False]
    taken.renew()
    assert taken.takes(SHORT[5])


def test_a_run_that_was_not_told_has_the_row_of_old_histories() -> None:
    """Their tasks took sixteen; another number would not replay."""
    taken = turns()
    assert [taken.takes(SHORT[0]) for _ in range(17)] == [True] * 16 + [False]


def test_what_moves_money_waits_or_comes_before_money_is_never_taken() -> None:
    """A cancel is heard between a task and the next, so before money there is one."""
    taken = turns(64)
    assert [taken.takes(s) for s in (STAKE, LOOK, SHORT[8], SHORT[7])] == [False] * 3 + [True]
