"""What whoever approves a plan is told of it in a few lines (`SimOut.confirmations`)."""

from collections import Counter
from collections.abc import Iterable

from onebox.holds import Hold
from onebox.models import ChainCall
from onebox.money import format_amount
from onebox.policy import Rules

_YOU_LL = "You\N{RIGHT SINGLE QUOTATION MARK}ll"
_COMMITTEE = 3


def by_rules(holds: list[Hold], rules: Rules) -> list[str]:
    """What the plan sets aside and whom it needs."""
    escrow = sum(hold.amount for hold in holds if hold.purpose == "escrow")
    fee, burn = rules.fees.fee_pct, rules.fees.burn_pct
    lines = ["No escrow required for this plan."]
    if any(hold.purpose == "escrow" for hold in holds):
        lines = [f"{_YOU_LL} escrow {format_amount(escrow)} AGIALPHA (fee {fee}%, burn {burn}%)."]
    if rules.require_validator:
        lines.append(f"This plan requires validator quorum ({_COMMITTEE} validators).")
    return lines


def by_dry_run(calls: list[ChainCall]) -> list[str]:
    """What ICS showed of the plan: only a step that the chain itself tried costs gas."""
    if not calls:
        return []
    tried = [call for call in calls if call.gas_estimate not in {None, "0"}]
    gas = total(call.gas_estimate for call in tried) or "0"
    fee = int(total(call.fee_wei for call in tried) or "0")
    network = [f"Network fee at most {format_amount(fee)} ETH."] if fee else []
    return [
        f"Simulated {len(tried)} chain step(s); estimated gas {gas}.",
        *network,
        _count(calls),
    ]


def _count(calls: list[ChainCall]) -> str:
    """How much of the plan is proved, and what becomes of the rest."""
    number = Counter[str](call.status for call in calls)
    words = {"deferred": "waiting for the world", "error": "would fail", "skipped": "not tried"}
    rest = [f"{said}: {number[status]}" for status, said in words.items() if number[status]]
    return "; ".join([f"Proved {number['ok']} of {len(calls)} step(s)", *rest]) + "."


def total(figures: Iterable[str | None]) -> str | None:
    """The sum of whole numbers in text; None where no call told one."""
    known = [int(figure) for figure in figures if figure is not None and figure.isdigit()]
    return str(sum(known)) if known else None
