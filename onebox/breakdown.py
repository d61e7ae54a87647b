"""Where the money of a plan goes; the parts sum exactly."""

from onebox.holds import Hold
from onebox.models import OrchestrationPlan
from onebox.money import escrow_of, fee_of, format_amount, parse_amount
from onebox.policy import Rules


def fees_of(plan: OrchestrationPlan, holds: list[Hold], rules: Rules) -> int:
    """Base units of protocol fee over all jobs that the plan posts."""
    return sum(fee_of(reward, rules.fees.fee_pct) for reward in _rewards(plan, holds))


def breakdown(plan: OrchestrationPlan, holds: list[Hold], rules: Rules) -> dict[str, str]:
    """Decimal text: the reward is agent_pay + validator_pay + burn_fee, the total adds the fee.

    A stake and a dispute's fee, where there are any, are part of the total too.
    """
    fees, rewards = rules.fees, _rewards(plan, holds)
    validators = [fee_of(reward, fees.validator_pct) for reward in rewards]
    shares = [reward - part for reward, part in zip(rewards, validators, strict=True)]
    burn = sum(fee_of(share, fees.burn_pct) for share in shares)
    staked, disputed = _held(holds, "stake"), _held(holds, "dispute")
    total = sum(escrow_of(reward, fees) for reward in rewards) + staked + disputed
    parts = {
        "reward": sum(rewards),
        "protocol_fee": fees_of(plan, holds, rules),
        "burn_fee": burn,
        "total_budget": total,
        "est_fees": fees_of(plan, holds, rules),
        "agent_pay": sum(shares) - burn,
        "validator_pay": sum(validators),
        **({"stake": staked} if staked else {}),
        **({"dispute_fee": disputed} if disputed else {}),
    }
    return {name: format_amount(units) for name, units in parts.items()}


def _held(holds: list[Hold], purpose: str) -> int:
    return sum(hold.amount for hold in holds if hold.purpose == purpose)


def _rewards(plan: OrchestrationPlan, holds: list[Hold]) -> list[int]:
    """Base units of each escrowed reward; holds of amount 0 have none that can be read."""
    escrows = {hold.step_id for hold in holds if hold.purpose == "escrow" and hold.amount > 0}
    return [parse_amount(s.params["job"]["rewardAGIA"]) for s in plan.steps if s.id in escrows]
