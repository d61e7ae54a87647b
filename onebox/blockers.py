"""Every rule that can stand in a plan's way; each says what it wants and what mends it."""

from collections.abc import Callable, Iterator

from onebox.errors import AmountInvalid
from onebox.holds import total_of
from onebox.judgement import Found, blocker
from onebox.models import Blocker
from onebox.money import format_amount, parse_amount
from onebox.step_rules import STEP_RULES


def blockers_of(found: Found) -> list[Blocker]:
    """All blockers at once: of the plan first, then step by step."""
    whole = [verdict for rule in _PLAN_RULES for verdict in rule(found)]
    return whole + [
        verdict
        for index, step in enumerate(found.plan.steps)
        for rule in STEP_RULES
        for verdict in rule(found, index, step)
    ]


def _no_steps(found: Found) -> Iterator[Blocker]:
    if not found.plan.steps:
        yield blocker("NO_STEPS", "/steps", "steps", "The plan has no steps: nothing would happen.")


def _tx_mode(found: Found) -> Iterator[Blocker]:
    mode, roads = found.plan.metadata.tx_mode, found.supported_tx
    if mode is not None and roads is not None and mode.value not in roads:
        message = f"txMode {mode.value} does not work on this chain."
        limit = ", ".join(sorted(roads))
        yield blocker(
            "TXMODE_UNSUPPORTED", "/metadata/txMode", "txMode", message, limit, mode.value
        )


def _budget(found: Found) -> Iterator[Blocker]:
    """What the plan says and what its steps would hold: the larger one must fit the day."""
    told, limit = _units(found.plan.budget.max), found.rules.daily_max
    asked = max(told, total_of(found.holds))
    if any(hold.purpose == "escrow" for hold in found.holds) and told <= 0:
        yield blocker(
            "BUDGET_REQUIRED",
            "/budget/max",
            "budget.max",
            "The plan posts a job but escrows nothing. Stake the minimum AGIALPHA.",
            "above 0",
            found.plan.budget.max,
        )
    if asked > limit:
        message = (
            f"The plan may move {format_amount(asked)} AGIALPHA; "
            f"the daily maximum is {format_amount(limit)}."
        )
        texts = (format_amount(limit), format_amount(asked))
        yield blocker("OVER_BUDGET", "/budget/max", "budget.dailyMax", message, *texts)


def _job_budget(found: Found) -> Iterator[Blocker]:
    limit = found.rules.max_budget
    for hold in found.holds:
        if limit is not None and hold.purpose == "escrow" and hold.amount > limit:
            message = (
                f"The job costs {format_amount(hold.amount)} AGIALPHA; "
                f"the organisation allows {format_amount(limit)}."
            )
            texts = (format_amount(limit), format_amount(hold.amount))
            place = f"{_place(found, hold.step_id)}/params/job/rewardAGIA"
            yield blocker(
                "JOB_BUDGET_CAP_EXCEEDED", place, "maxBudgetWei", message, *texts, hold.step_id
            )


_PLAN_RULES: tuple[Callable[[Found], Iterator[Blocker]], ...] = (
    _no_steps,
    _tx_mode,
    _budget,
    _job_budget,
)


def _place(found: Found, step_id: str) -> str:
    index = next(i for i, step in enumerate(found.plan.steps) if step.id == step_id)
    return f"/steps/{index}"


def _units(text: str) -> int:
    try:
        return parse_amount(text)
    except AmountInvalid:
        return 0
