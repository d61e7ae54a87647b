"""The rules of the planner evaluation set's README, over what the route answered."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from onebox.models import Json

_MONEY = ("job.rewardAGIA", "stake.amountAGIA")
_OK, _REFUSALS = 200, {400, 422}


@dataclass(frozen=True)
class Score:
    """One item: what failed (nothing when it counts), and whether it would move too much."""

    item: Json
    failed: list[str]
    wrong_money: bool


def score(item: Json, status: int, body: Json) -> Score:
    """One item; no part credit.

    Args:
        item: a line of the set.
        status: HTTP status of POST /onebox/plan.
        body: its JSON.
    """
    expect = item["expect"]
    if status != _OK:
        right = status in _REFUSALS and body.get("code") == expect["error"]
        return Score(item, [] if right else [f"error {body.get('code')}"], wrong_money=False)
    params = (body["ics"] or body["ics_draft"] or {}).get("params", {})
    if expect["error"] is not None:
        kind = body["intent"]["kind"]
        return Score(item, [f"no {expect['error']}, {kind}"], wrong_money=_pays(body))
    failed = [*_wrong_values(expect, body, params)]
    return Score(item, failed, wrong_money=_overpays(body, params, expect))


def _wrong_values(expect: Json, body: Json, params: Json) -> list[str]:
    kind = body["intent"]["kind"]
    failed = [] if kind == expect["kind"] else [f"kind {kind}"]
    failed += [
        f"{path} {_at(params, path)!r}"
        for path, value in expect["ics"].items()
        if not _same(path, _at(params, path), value)
    ]
    if set(body["missing_fields"]) != set(expect["missing"]):
        failed.append(f"missing {body['missing_fields']}")
    return failed


def _pays(body: Json) -> bool:
    return Decimal(body["plan"]["budget"]["max"]) > 0


def _overpays(body: Json, params: Json, expect: Json) -> bool:
    """True where an amount is above the expected one, or none is expected and some would move.

    A dispute has its fee, which no text says.
    """
    expected = expect["ics"]
    for path in _MONEY:
        amount = _at(params, path)
        if amount is not None and Decimal(amount) > Decimal(str(expected.get(path, "0"))):
            return True
    if body["intent"]["kind"] == expect["kind"] == "dispute":
        return False
    return not any(path in expected for path in _MONEY) and _pays(body)


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
