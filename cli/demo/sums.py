"""Does the money on the chain equal what the simulation said? To the base unit, or not at all."""

from dataclasses import dataclass

from cli.demo.ledger import Ledger
from onebox.models import Json, Receipt, SimOut
from onebox.money import format_amount, parse_amount


@dataclass(frozen=True)
class Sum:
    """One comparison in base units: what was promised, what happened, and who says so."""

    what: str
    promised: int
    happened: int
    source: str

    @property
    def equal(self) -> bool:
        """Equal to the base unit."""
        return self.promised == self.happened


def units(text: str | None) -> int:
    """Base units of decimal text; nothing is nothing. Zero is an amount here."""
    return 0 if text is None or not text.strip("0.") else parse_amount(text)


def by_role(receipt: Receipt, role: str) -> int:
    """What the payouts of a role come to."""
    return sum(units(payout.amount) for payout in receipt.payouts if payout.role == role)


def receipt_sums(promise: SimOut, receipt: Receipt) -> list[Sum]:
    """The receipt against the simulation, part by part, and the parts against the whole."""
    said = promise.fee_breakdown
    parts = sum(units(p.amount) for p in receipt.payouts)
    parts += units(receipt.fee) + units(receipt.burnt) + units(receipt.held)
    taken = units(receipt.fee) + units(receipt.burnt)
    pairs = [
        ("escrow", units(said["total_budget"]), units(receipt.escrow)),
        ("agent", units(said["agent_pay"]), by_role(receipt, "agent")),
        ("validators", units(said["validator_pay"]), by_role(receipt, "validator")),
        ("fee, kept and burnt", units(said["protocol_fee"]), taken),
        ("still held", 0, units(receipt.held)),
        ("all parts", units(receipt.escrow), parts),
    ]
    return [Sum(what, promised, happened, "receipt") for what, promised, happened in pairs]


async def chain_sums(ledger: Ledger, receipt: Receipt, pool: str) -> list[Sum]:
    """The chain's balances against the receipt, party by party.

    The run's transactions are an approval, the post, and in the end the payment; each is
    compared with the block before it, so that nobody else's deeds are counted.
    """
    posts = [await ledger.sent(tx) for tx in receipt.txes[:-1]]
    payment = await ledger.sent(receipt.txes[-1])
    paying = sorted({(who, post.block) for post in posts for who in post.payers})
    taken = -sum([await ledger.gained(who, block) for who, block in paying])
    paid = [
        Sum(
            f"{p.role} {short(p.to)}",
            units(p.amount),
            await ledger.gained(p.to, payment.block),
            "chain",
        )
        for p in receipt.payouts
    ]
    kept, burnt = await ledger.gained(pool, payment.block), await ledger.burnt(payment.block)
    return [
        Sum("employer pays", units(receipt.escrow), taken, "chain"),
        *paid,
        Sum("fee pool keeps", units(receipt.fee), kept, "chain"),
        Sum("supply burnt", units(receipt.burnt), burnt, "chain"),
    ]


def short(address: str) -> str:
    """An address for people."""
    return f"{address[:8]}..{address[-4:]}"


def report_of(receipt: Receipt, *, run_id: str, state: str, lines: int, seconds: float) -> Json:
    """What report.json holds; amounts are decimal text."""
    return {
        "plan_id": receipt.plan_id,
        "run_id": run_id,
        "job_id": receipt.job_id,
        "state": state,
        "escrow": receipt.escrow,
        "payouts": [{"to": p.to, "amount": p.amount} for p in receipt.payouts],
        "fee": receipt.fee,
        "burnt": receipt.burnt,
        "held": receipt.held,
        "txes": receipt.txes,
        "cids": receipt.cids,
        "lines": lines,
        "seconds": round(seconds, 1),
    }


def shown(amount: int) -> str:
    """Base units as decimal text, minus sign and all."""
    return f"-{format_amount(-amount)}" if amount < 0 else format_amount(amount)
