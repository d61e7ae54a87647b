"""Amounts of AGIALPHA: integers of base units (10^-18) inside, decimal text at borders."""

import re
from typing import Protocol

from onebox.errors import AmountInvalid

DECIMALS = 18
UNIT: int = 10**DECIMALS
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,29})(?:\.([0-9]{1,18}))?", re.ASCII)


class HasFeePct(Protocol):
    """Whatever knows the protocol fee: policy.Fees, or a test's own."""

    @property
    def fee_pct(self) -> int:
        """Whole percent of the reward."""
        ...


def parse_amount(text: str) -> int:
    """Base units of a decimal text such as `12.5`; zero is an amount too.

    Args:
        text: ASCII, without sign, blanks, separators or leading zeros (reliability.md M10).

    Raises:
        AmountInvalid: for anything else.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise AmountInvalid(f"{text[:60]!r} is not an amount of AGIALPHA.")
    whole, fraction = int(found[1]), found[2] or ""
    return whole * UNIT + int(fraction.ljust(DECIMALS, "0"))


def format_amount(units: int) -> str:
    """Decimal text of base units with 2 to 18 decimals, never rounded: 1.005 stays 1.005."""
    whole, fraction = divmod(abs(units), UNIT)
    digits = f"{fraction:018d}".rstrip("0").ljust(2, "0")
    return f"{'-' if units < 0 else ''}{whole}.{digits}"


def fee_of(units: int, pct: int) -> int:
    """`pct` percent of `units`, floored as the chain does it."""
    return units * pct // 100


def escrow_of(units: int, fees: HasFeePct) -> int:
    """What posting a job with this reward takes: reward + fee, in base units."""
    return units + fee_of(units, fees.fee_pct)
