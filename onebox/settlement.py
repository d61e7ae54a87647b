"""Promised against happened: what receipts tell of the chain beside what admission promised."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from onebox.errors import fix_of
from onebox.models import IcsReceipt, Json, Movement, Promise, ReceiptLine, StepError, StepState
from onebox.models.movement import LineState, Verdict
from onebox.money import format_amount
from onebox.promise import net_of, party

MISMATCH: Final = "RECEIPT_MISMATCH"


class StepFacts(NamedTuple):
    """A step as it is stored; `receipt` is ICS's, None where there is none."""

    step_id: str
    state: StepState
    outputs: Json | None
    receipt: IcsReceipt | None


def compared(promise: Promise, steps: Iterable[StepFacts], *, ended: bool) -> list[ReceiptLine]:
    """A line for each step and party that was promised tokens or had some moved.

    Args:
        promise: as admission stored it.
        steps: of the run, in plan order.
        ended: the run has ended, so what has not settled never will.
    """
    return [line for step in steps for line in _lines(promise, step, ended=ended)]


def mismatch_of(lines: Sequence[ReceiptLine]) -> StepError | None:
    """What is wrong, naming the first difference; None where every promise was kept so far."""
    wrong = [line for line in lines if line.state == "different"]
    if not wrong:
        return None
    first, more = wrong[0], f" ({len(wrong) - 1} more)" if wrong[1:] else ""
    said = f"{first.step_id} promised {first.party} {first.promised} AGIALPHA"
    message = f"{said}; the chain moved {first.happened}.{more}"
    return StepError(code=MISMATCH, message=message, fix=fix_of(MISMATCH))


def verdict_of(lines: Sequence[ReceiptLine], *, ended: bool, promised: bool) -> Verdict:
    """A difference is told at once; that promises were kept, only at the end.

    Args:
        lines: as `compared` gives them.
        ended: the run has ended.
        promised: admission stored a promise.
    """
    if mismatch_of(lines) is not None:
        return MISMATCH
    if not ended:
        return "open"
    proved = promised and all(line.state != "unproved" for line in lines)
    return "kept" if proved else "unproved"


def _lines(promise: Promise, step: StepFacts, *, ended: bool) -> list[ReceiptLine]:
    foretold = [move for move in promise.movements if move.step_id == step.step_id]
    promised = net_of((move.payer, move.payee, move.amount) for move in foretold)
    happened = _happened(step, promise.signer, promised)
    is_open = step.step_id in promise.open
    state = _state(step, foretold, happened, ended=ended)
    return [
        ReceiptLine(
            step_id=step.step_id,
            party=name,
            promised=None if is_open else format_amount(promised.get(name, 0)),
            happened=None if happened is None else format_amount(happened.get(name, 0)),
            basis=foretold[0].basis if foretold else None,
            state=state or _verdict(is_open, promised.get(name, 0), (happened or {}).get(name, 0)),
        )
        for name in dict.fromkeys([*promised, *(happened or {})])
    ]


def _happened(step: StepFacts, signer: str, promised: Collection[str]) -> dict[str, int] | None:
    """What the chain's own events say, None while or where they say nothing.

    Whoever was paid in a role that was promised something goes by it: an employer may be
    his own agent.
    """
    if step.receipt is None or step.receipt.transfers is None:
        return None
    roles = {(p.to, p.amount): p.role for p in step.receipt.payouts if p.role in promised}
    return net_of(
        (
            party(e.payer, e.source, signer),
            roles.get((e.target, e.amount)) or party(e.payee, e.target, signer),
            e.amount,
        )
        for e in step.receipt.transfers
    )


def _state(
    step: StepFacts, foretold: list[Movement], happened: dict[str, int] | None, *, ended: bool
) -> LineState | None:
    """The state of all lines of a step that cannot be judged; None for one that can."""
    if step.state is not StepState.COMPLETED:
        over = ended or step.state in {StepState.FAILED, StepState.SKIPPED}
        return "not_reached" if over else "pending"
    if happened is None:
        return "unproved"
    if _ended_otherwise(step, foretold):
        return "not_reached"
    return None


def _ended_otherwise(step: StepFacts, foretold: list[Movement]) -> bool:
    """The rules promise what a success pays; a job may lawfully fail."""
    by_rules = bool(foretold) and foretold[0].basis == "rules"
    return by_rules and (step.outputs or {}).get("success") is False


def _verdict(is_open: bool, promised: int, happened: int) -> LineState:
    if is_open:
        return "not_promised"
    return "equal" if promised == happened else "different"
