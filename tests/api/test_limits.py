"""What a tenant, an address and all together may take, and how the rest is told."""

from dataclasses import replace

import pytest

from api.crowd import refusal
from api.limits import EXPOSED_PER_ADDRESS, EXPOSED_PER_SECOND, POST_COST, Limits, Meter
from onebox.errors import ServerBusy, TooManyConnections, TooManyRequests
from onebox.settings import Settings
from tests.api.world import Clock, World


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_loopback_nobody_is_metered(host: str) -> None:
    """Whoever calls owns the machine; only the number of connections has an end."""
    assert Limits.of(Settings(api_host=host)) == Limits(2000, None, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "onebox.example.org"])  # noqa: S104
def test_an_exposed_api_is_metered(host: str) -> None:
    """Unless its settings say otherwise."""
    assert Limits.of(Settings(api_host=host)) == Limits(
        2000, EXPOSED_PER_ADDRESS, EXPOSED_PER_SECOND
    )
    chosen = Settings(api_host=host, max_connections_per_address=0, tenant_requests_per_second=7)
    assert Limits.of(chosen) == Limits(2000, None, 7)


def test_a_tenant_has_four_seconds_saved_and_no_more() -> None:
    """Then as much as comes in; a POST costs as much as five looks."""
    clock = Clock(0.0)
    meter = Meter(10, clock)
    for _ in range(40):
        meter.charge("acme", "GET")
    with pytest.raises(TooManyRequests) as refused:
        meter.charge("acme", "POST")
    assert refused.value.fields == {"retry_after": 1}
    meter.charge("other", "POST")
    clock.now += POST_COST / 10
    meter.charge("acme", "POST")
    with pytest.raises(TooManyRequests):
        meter.charge("acme", "GET")
    clock.now += 3600
    for _ in range(40):
        meter.charge("acme", "GET")
    with pytest.raises(TooManyRequests):
        meter.charge("acme", "GET")


async def test_a_flood_of_one_tenant_is_429_and_the_others_are_served(world: World) -> None:
    """With Retry-After; strangers are told 401 and cost no tenant anything."""
    world.swap(replace(world.deps, meter=Meter(1, world.clock)))
    for _ in range(4):
        assert (await world.get("/confirmations")).status_code == 200
    answer = await world.get("/confirmations", "viewer")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert answer.headers["Retry-After"] == "1"
    assert "part" not in answer.json()
    assert (await world.get("/confirmations", "stranger")).status_code == 200
    assert (await world.http.get("/onebox/confirmations")).status_code == 401
    assert (await world.http.get("/healthz")).status_code == 200
    world.clock.now += 1
    assert (await world.get("/confirmations")).status_code == 200


def test_the_last_place_is_served_and_the_next_is_not() -> None:
    """Counted with the new one: of its address first among many, of all at the end."""
    limits = Limits(connections=3, per_address=2)
    assert refusal("a", ["a", "a", "b"], limits) is None
    assert isinstance(refusal("a", ["a", "a", "a"], limits), TooManyConnections)
    assert isinstance(refusal("b", ["a", "a", "b", "b"], limits), ServerBusy)
    assert refusal("a", ["a"] * 3, Limits(connections=3)) is None
