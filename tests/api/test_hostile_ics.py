"""Whatever ICS answers the API: 503 with its name, never a fault of ours."""

from typing import Any

import pytest

from onebox.models import Json
from tests.api.plans import stored
from tests.api.world import World

_PARTIES = {"from": "a", "to": "b"}
# What ICS says of the dry run of create_job.
OUTCOMES: dict[str, Json] = {
    "gas in other digits": {"gas": "\u00b2"},
    "gas without end": {"gas": "9" * 5000},
    "a fee with a sign": {"fee_wei": "-1"},
    "no outcome of a dry run": {"outcome": "executed"},
    "a dry run that is forgotten": {"outcome": "unknown_key"},
    "another's outcome": {"key": "run_x:post_job:0"},
    "outputs of any size": {"outputs": {"note": "x" * 300_000}},
    "transfers of no amount": {
        "receipt": {"transfers": [{"from": "a", "to": "b", "amount": "1e3"}]}
    },
    "10,000 mistakes": {"receipt": {"payouts": [{"to": 1}] * 10_000}},
}
# What it says of the chain, where admission looks for the block time.
CHAINS: dict[str, Json] = {
    "no head": {"head": None},
    "a head in words": {"head": {"timestamp": "soon"}},
    "a head that is true": {"head": {"timestamp": True}},
    "a head before time": {"head": {"timestamp": -1}},
    "no limits": {"limits": []},
}


@pytest.mark.parametrize("says", OUTCOMES.values(), ids=OUTCOMES)
async def test_an_odd_dry_run_is_an_outage(world: World, says: Json) -> None:
    """The plan is neither proved nor blocked, and no run begins."""
    plan = await stored(world)
    world.ics.says["create_job"] = says
    for path in ("/simulate", "/execute"):
        answer = await world.post(path, {"plan_id": plan.plan_id})
        assert (answer.status_code, answer.json()["code"]) == (503, "ICS_UNAVAILABLE")
        assert len(answer.text) < 2000
    world.ics.says.clear()
    assert (await world.post("/execute", {"plan_id": plan.plan_id})).status_code == 200


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
async def test_an_odd_chain_admits_nothing(world: World, chain: Json) -> None:
    """Without a block time there is no deadline."""
    plan = await stored(world)
    world.ics.contract_json["chain"] |= chain
    answer = await world.post("/execute", {"plan_id": plan.plan_id})
    assert (answer.status_code, answer.json()["code"]) == (503, "ICS_UNAVAILABLE")
    assert "chain." in answer.json()["detail"]


@pytest.mark.parametrize("parts", [None, [], "ok", 7, {"chain": None}, {"chain": ["ok"]}])
async def test_odd_health_is_no_readiness(world: World, parts: Any) -> None:
    """What names no parts proves none."""
    world.ics.health = {"ok": True, "parts": parts}
    answer = await world.http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["chain"] != "ok"
