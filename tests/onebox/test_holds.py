from collections.abc import Callable

from onebox.contract import Contract
from onebox.holds import holds_of
from onebox.models import PlanOut
from onebox.money import UNIT, format_amount
from onebox.policy import Rules
from tests.onebox.conftest import POST_JOB, PlanOf


def test_holds_name_every_money_step(plan_of: PlanOf, rules: Rules, contract: Contract) -> None:
    """Escrow and stake are held, other money steps hold nothing."""
    held = holds_of(plan_of(POST_JOB), contract, rules.fees)
    assert [(h.step_id, h.purpose, format_amount(h.amount)) for h in held] == [
        ("post_job", "escrow", "52.50"),
        ("finalize_payout", "none", "0.00"),
    ]
    (stake,) = holds_of(plan_of("Stake 10 AGI as agent"), contract, rules.fees)
    assert (stake.purpose, stake.amount) == ("stake", 10 * UNIT)


def test_a_dispute_holds_its_fee(
    say: Callable[..., PlanOut], rules: Rules, contract: Contract
) -> None:
    """What raising a dispute costs is held, budgeted and shown: the fee of fees.json."""
    out = say("Dispute job 7 because the labels are wrong")
    (fee,) = holds_of(out.plan, contract, rules.fees)
    assert (fee.purpose, fee.amount) == ("dispute", rules.fees.dispute_fee)
    assert out.plan.budget.max == "1.00"
    assert out.simulation is not None
    shown = out.simulation.fee_breakdown
    assert (shown["dispute_fee"], shown["total_budget"], "stake" in shown) == (
        "1.00",
        "1.00",
        False,
    )
