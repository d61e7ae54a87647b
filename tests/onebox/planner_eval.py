"""Scores the planner on a file of the planner evaluation set, by its README's rules."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from onebox.contract import Contract
from onebox.errors import OneBoxError
from onebox.models import ChainIdentity, Json, Meta, PlanOut
from onebox.planner import Ask, make_plan
from onebox.policy import Rules
from onebox.simulator import simulate

META = Meta(user_id="operator", trace_id=UUID("12345678-1234-4234-8234-123456789abc"))
CHAIN = ChainIdentity(chain_id=31337, registry="0x" + "11" * 20, token="0x" + "22" * 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONEY = ("job.rewardAGIA", "stake.amountAGIA")


@dataclass(frozen=True)
class Score:
    """One item: what failed (nothing when it counts), and whether it would move too much."""

    item: Json
    failed: list[str]
    wrong_money: bool


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


def score_file(path: Path, rules: Rules, contract: Contract) -> list[Score]:
    """A score per line of the file."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [score(json.loads(line), rules, contract) for line in lines if line]


def score(item: Json, rules: Rules, contract: Contract) -> Score:
    """One item; no part credit."""
    expect = item["expect"]
    now = datetime.fromisoformat(item["now"]) if "now" in item else NOW
    try:
        out = plan_sentence(item["text"], rules, contract, now)
    except OneBoxError as error:
        right = error.code == expect["error"]
        return Score(item, [] if right else [f"error {error.code}"], wrong_money=False)
    if expect["error"] is not None:
        return Score(item, [f"no error, {out.intent.kind}"], wrong_money=_pays(out))
    params = ((out.ics or out.ics_draft) or {}).get("params", {})
    failed = [] if out.intent.kind == expect["kind"] else [f"kind {out.intent.kind}"]
    failed += [
        f"{path} {_at(params, path)!r}"
        for path, value in expect["ics"].items()
        if not _same(path, _at(params, path), value)
    ]
    if set(out.missing_fields) != set(expect["missing"]):
        failed.append(f"missing {out.missing_fields}")
    return Score(item, failed, wrong_money=_overpays(params, expect["ics"]))


def _pays(out: PlanOut) -> bool:
    return Decimal(out.plan.budget.max) > 0


def _overpays(params: Json, expected: Json) -> bool:
    for path in MONEY:
        amount = _at(params, path)
        if amount is not None and Decimal(amount) > Decimal(expected.get(path, "0")):
            return True
    return False


def _at(params: Any, path: str) -> Any:
    for name in path.split("."):
        params = params.get(name) if isinstance(params, dict) else None
    return params


def _same(path: str, given: Any, expected: Any) -> bool:
    if path in {"success", "approve"}:
        return given is expected
    if path == "jobId" or given is None:
        return bool(given == expected)
    try:
        return Decimal(str(given)) == Decimal(str(expected))
    except InvalidOperation:
        return bool(given == expected)
