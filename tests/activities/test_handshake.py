"""One look at ICS serves all who ask while it is under way, and says the same to each."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from activities.handshake import Handshake
from activities.ics_client import IcsClient
from onebox.contract import load_contract
from onebox.errors import ContractDrift
from onebox.models import Json
from onebox.policy import load_rulebook
from tests.activities.conftest import CONFIG, Clock, deployment_in
from tests.support.fake_ics import contract_answer


@dataclass
class SlowIcs:
    """Says what it holds when it is let go."""

    says: Json
    asked: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer of GET /contract."""
        assert request.url.path == "/contract"
        self.asked += 1
        await self.go_on.wait()
        return httpx.Response(200, json=self.says)


@pytest.fixture
def clock() -> Clock:
    """The time of the handshake."""
    return Clock()


@pytest.fixture
def ics(tmp_path: Path) -> SlowIcs:
    """One that agrees with us."""
    contract, rulebook = load_contract(CONFIG), load_rulebook(CONFIG, None, None)
    return SlowIcs(contract_answer(contract, rulebook, deployment_in(tmp_path)))


@pytest.fixture
def handshake(ics: SlowIcs, clock: Clock, tmp_path: Path) -> Handshake:
    """Ours."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(ics))
    contract, rulebook = load_contract(CONFIG), load_rulebook(CONFIG, None, None)
    client = IcsClient("http://ics.test", "t", http)
    return Handshake(client, contract, rulebook, deployment_in(tmp_path), clock)


async def asking(handshake: Handshake, how_many: int) -> list[asyncio.Task[Json]]:
    """So many who have asked and wait."""
    tasks = [asyncio.create_task(handshake.check()) for _ in range(how_many)]
    await asyncio.sleep(0.01)
    return tasks


async def test_many_at_once_cost_one_look(handshake: Handshake, ics: SlowIcs, clock: Clock) -> None:
    """Also those that come later, for two seconds."""
    tasks = await asking(handshake, 20)
    ics.go_on.set()
    assert await asyncio.gather(*tasks) == [ics.says] * 20
    clock.now += 2.0
    assert await handshake.check() == ics.says
    assert ics.asked == 1
    clock.now += 0.1
    await handshake.check()
    assert ics.asked == 2


async def test_who_stops_waiting_ends_nobody_elses_look(handshake: Handshake, ics: SlowIcs) -> None:
    """The first one began it; it goes on without that one."""
    first, *others = await asking(handshake, 3)
    first.cancel()
    await asyncio.wait([first])
    ics.go_on.set()
    assert await asyncio.gather(*others) == [ics.says] * 2
    assert ics.asked == 1


async def test_what_differs_is_said_to_each_and_looked_at_anew(
    handshake: Handshake, ics: SlowIcs
) -> None:
    """A look that failed serves nobody who asks later."""
    agreed, ics.says = ics.says, {**ics.says, "policy": {"digest": "another"}}
    tasks = await asking(handshake, 3)
    ics.go_on.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [ContractDrift] * 3
    ics.says = agreed
    assert await handshake.check() == agreed
    assert ics.asked == 2
