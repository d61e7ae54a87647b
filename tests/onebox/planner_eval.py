"""Plans of sentences, with everything but the sentence fixed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from onebox.contract import Contract
from onebox.models import ChainIdentity, Meta, PlanOut
from onebox.planner import Ask, make_plan
from onebox.policy import Rules
from onebox.simulator import simulate

META = Meta(user_id="operator", trace_id=UUID("12345678-1234-4234-8234-123456789abc"))
CHAIN = ChainIdentity(chain_id=31337, registry="0x" + "11" * 20, token="0x" + "22" * 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def plan_sentence(
    text: str, rules: Rules, contract: Contract, now: datetime = NOW, **ask: Any
) -> PlanOut:
    """A plan with everything but the sentence fixed."""
    return make_plan(
        Ask(text, META, **ask),
        rules=rules,
        contract=contract,
        chain=CHAIN,
        now=now,
        created_at=NOW,
        nonce="nonce",
        plan_ttl=timedelta(days=1),
        simulate=simulate,
    )
