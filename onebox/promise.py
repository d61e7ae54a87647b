"""Who gains and who pays when a plan runs: foretold by the rules, or by events of a dry run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onebox.errors import AmountInvalid
from onebox.holds import Hold
from onebox.models import IcsReceipt, Movement, OrchestrationPlan, Promise, Step
from onebox.money import fee_of, format_amount, parse_amount
from onebox.policy import Fees

SIGNER, EMPLOYER = "signer", "employer"
_VAULT, _POOL, _BURNT = "stake_manager", "fee_pool", "burnt"
_MOVE_NOTHING = frozenset(
    {"job.apply", "job.submit", "validator.commit", "validator.reveal", "governance.set"}
)


def signer_of(plan: OrchestrationPlan) -> str:
    """The party that the plan's user is: whoever posts a job is its employer."""
    return EMPLOYER if any(step.tool == "job.post" for step in plan.steps) else SIGNER


def promise_by_rules(plan: OrchestrationPlan, holds: list[Hold], fees: Fees) -> Promise:
    """What can be foretold without the chain.

    Args:
        plan: any plan that `dag.check` accepts.
        holds: of its money steps, as `holds_of` gives them.
        fees: today's percents.
    """
    rules = _ByRules.of(plan, holds, fees)
    found = {hold.step_id: rules.moves(hold) for hold in holds}
    told = {step_id: moves for step_id, moves in found.items() if moves is not None}
    movements = [_movement(step_id, *move) for step_id, moves in told.items() for move in moves]
    still_open = [step_id for step_id in found if step_id not in told]
    return Promise(signer=rules.signer, movements=movements, open=still_open)


def with_simulated(
    promise: Promise, shown: Mapping[str, list[Movement]], order: Sequence[str]
) -> Promise:
    """What a dry run showed of a step takes the place of what the rules said of it.

    Args:
        promise: by the rules.
        shown: movements by step id; none in the list is a word too.
        order: the plan's step ids.
    """
    place = {step_id: index for index, step_id in enumerate(order)}
    by_rules = [move for move in promise.movements if move.step_id not in shown]
    all_moves = by_rules + [move for moves in shown.values() for move in moves]
    movements = sorted(all_moves, key=lambda move: place.get(move.step_id, len(place)))
    still_open = [step_id for step_id in promise.open if step_id not in shown]
    return promise.model_copy(update={"movements": movements, "open": still_open})


def simulated(step_id: str, receipt: IcsReceipt, signer: str) -> list[Movement]:
    """The movements that a dry run's receipt tells of."""
    return [
        Movement(
            step_id=step_id,
            payer=party(event.payer, event.source, signer),
            payee=party(event.payee, event.target, signer),
            amount=event.amount,
            basis="simulated",
            payer_address=event.source,
            payee_address=event.target,
        )
        for event in receipt.transfers or []
    ]


def party(name: str | None, address: str, signer: str) -> str:
    """How an account is called; `signer` is what this plan calls its user."""
    return signer if name == SIGNER else name or address


def net_of(moves: Iterable[tuple[str, str, str]]) -> dict[str, int]:
    """Base units that each party gains; moves are (payer, payee, decimal text). Sums to 0."""
    gains: dict[str, int] = {}
    for payer, payee, amount in moves:
        units = parse_amount(amount)
        gains[payer] = gains.get(payer, 0) - units
        gains[payee] = gains.get(payee, 0) + units
    return gains


def net_text(movements: Iterable[Movement]) -> dict[str, str]:
    """The same as signed decimal text."""
    gains = net_of((move.payer, move.payee, move.amount) for move in movements)
    return {name: format_amount(units) for name, units in gains.items()}


_Move = tuple[str, str, int]


@dataclass(frozen=True)
class _ByRules:
    """What the rules tell of one plan; `posted` maps the steps that post a job to its escrow."""

    steps: dict[str, Step]
    posted: dict[str, int]
    signer: str
    fees: Fees

    @classmethod
    def of(cls, plan: OrchestrationPlan, holds: list[Hold], fees: Fees) -> "_ByRules":
        posted = {hold.step_id: hold.amount for hold in holds if hold.purpose == "escrow"}
        return cls({step.id: step for step in plan.steps}, posted, signer_of(plan), fees)

    def moves(self, hold: Hold) -> list[_Move] | None:
        """(payer, payee, base units), or None for a step of which the rules tell nothing."""
        step = self.steps[hold.step_id]
        if step.tool in _MOVE_NOTHING:
            return []
        if hold.amount:
            return [(self.signer, _VAULT, hold.amount)]
        if step.tool == "stake.withdraw":
            amount = _units(step.params, "stake", "amountAGIA")
            return [(_VAULT, self.signer, amount)] if amount else None
        return self._of_own_job(step)

    def _of_own_job(self, step: Step) -> list[_Move] | None:
        """The way out of an escrow that the plan itself makes."""
        job = _reference(step.params.get("jobId"))
        if job is None or not self.posted.get(job):
            return None
        if step.tool == "job.cancel":
            return [(_VAULT, self.signer, self.posted[job])]
        if step.tool == "job.finalize" and step.params.get("success") is not False:
            return _payment(_units(self.steps[job].params, "job", "rewardAGIA"), self.fees)
        return None


def _payment(reward: int, fees: Fees) -> list[_Move]:
    """A job that succeeded: the chain floors each part, and the agent has what is left."""
    fee, validators = fee_of(reward, fees.fee_pct), fee_of(reward, fees.validator_pct)
    burnt = fee_of(reward - validators, fees.burn_pct)
    moves = [
        (_VAULT, "validator", validators),
        (_VAULT, _BURNT, burnt),
        (_VAULT, "agent", reward - validators - burnt),
        (_VAULT, _POOL, fee),
        (_POOL, _BURNT, fee_of(fee, fees.fee_pool_burn_pct)),
    ]
    return [move for move in moves if move[2]]


def _movement(step_id: str, payer: str, payee: str, units: int) -> Movement:
    amount = format_amount(units)
    return Movement(step_id=step_id, payer=payer, payee=payee, amount=amount, basis="rules")


def _reference(value: Any) -> str | None:
    return value.get("$from") if isinstance(value, dict) else None


def _units(params: Any, *path: str) -> int:
    """A missing or broken amount is 0; the simulator blocks such a plan by name."""
    for name in path:
        params = params.get(name) if isinstance(params, dict) else None
    try:
        return parse_amount(params) if isinstance(params, str) else 0
    except AmountInvalid:
        return 0
