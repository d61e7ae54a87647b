"""What a plan may move: one hold per money step, and their sum."""

from typing import Any, NamedTuple, Protocol

from onebox.contract import Contract, Tool
from onebox.errors import AmountInvalid
from onebox.models import Effect, Json, OrchestrationPlan, Step
from onebox.money import HasFeePct, escrow_of, parse_amount

_AMOUNT_AT = {"escrow": ("job", "rewardAGIA"), "stake": ("stake", "amountAGIA")}
NO_PURPOSE = "none"


class HasFees(HasFeePct, Protocol):
    """Whatever knows what posting a job and raising a dispute take: policy.Fees."""

    @property
    def dispute_fee(self) -> int:
        """Base units."""
        ...


class Hold(NamedTuple):
    """Tokens set aside for one step; `amount` in base units, 0 where nothing is held.

    `purpose` is `escrow`, `stake`, `dispute` or `none`.
    """

    step_id: str
    purpose: str
    amount: int


def holds_of(plan: OrchestrationPlan, contract: Contract, fees: HasFees) -> list[Hold]:
    """One hold per money step of the plan, in plan order."""
    return holds_of_steps(plan.steps, contract, fees)


def holds_of_steps(steps: list[Step], contract: Contract, fees: HasFees) -> list[Hold]:
    """As `holds_of`, for steps that are not a plan yet."""
    tools = ((step, contract.tools.get(step.tool or "")) for step in steps)
    return [_hold(step, tool, fees) for step, tool in tools if tool and tool.effect is Effect.MONEY]


def total_of(holds: list[Hold]) -> int:
    """Base units that the plan may move in all: its budget.max."""
    return sum(hold.amount for hold in holds)


def _hold(step: Step, tool: Tool, fees: HasFees) -> Hold:
    if tool.holds is None:
        return Hold(step.id, NO_PURPOSE, 0)
    if tool.holds == "dispute":
        return Hold(step.id, tool.holds, fees.dispute_fee)
    amount = _amount(step.params, _AMOUNT_AT[tool.holds])
    return Hold(step.id, tool.holds, escrow_of(amount, fees) if tool.holds == "escrow" else amount)


def _amount(params: Json, path: tuple[str, str]) -> int:
    """A missing or broken amount holds nothing; the simulator blocks such a plan by name."""
    value: Any = params
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    try:
        return parse_amount(value) if isinstance(value, str) else 0
    except AmountInvalid:
        return 0
