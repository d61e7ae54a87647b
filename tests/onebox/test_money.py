from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebox.errors import AmountInvalid
from onebox.money import UNIT, escrow_of, fee_of, format_amount, parse_amount

units = st.integers(min_value=0, max_value=10**48 - 1)


@given(units)
def test_an_amount_survives_its_text(amount: int) -> None:
    """Parsing what was printed gives the same base units."""
    assert parse_amount(format_amount(amount)) == amount


@given(units)
def test_printed_amounts_have_two_to_eighteen_decimals(amount: int) -> None:
    """No amount is rounded and none has fewer than two decimals."""
    decimals = format_amount(amount).partition(".")[2]
    assert 2 <= len(decimals) <= 18


@pytest.mark.parametrize(
    ("text", "printed"),
    [("50", "50.00"), ("1.005", "1.005"), ("0", "0.00"), ("0.000000000000000001",) * 2],
)
def test_known_texts(text: str, printed: str) -> None:
    """1.005 stays 1.005 and whole amounts get two decimals."""
    assert format_amount(parse_amount(text)) == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-0",
        "-1",
        "+1",
        "NaN",
        "sNaN",
        "inf",
        "1e400",
        "1_000",
        "\uff11\uff12",
        "٣",
        " 1 ",
        "1 ",
        "01",
        "1.",
        ".5",
        *["1," + "0", "1\n", "0x1", "1." + "0" * 19, "9" * 31, "9" * 5000],
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    """The grammar of reliability.md M10, and nothing else, is an amount."""
    with pytest.raises(AmountInvalid):
        parse_amount(text)


@given(units, st.integers(0, 100))
def test_fee_is_floored_and_escrow_is_the_sum(amount: int, pct: int) -> None:
    """The fee is the chain's integer division; escrow = reward + fee."""
    fee = fee_of(amount, pct)
    assert fee * 100 <= amount * pct < (fee + 1) * 100
    assert escrow_of(amount, SimpleNamespace(fee_pct=pct)) == amount + fee


def test_the_escrow_of_fifty_is_fifty_two_and_a_half() -> None:
    """DETAILS.md: reward 50 at 5 % escrows 52.50."""
    assert format_amount(escrow_of(50 * UNIT, SimpleNamespace(fee_pct=5))) == "52.50"
