"""Kill -9 of every part while money moves; in the end the chain and the runs agree.

`make chaos` runs it: seeds are printed, the ends are counted, and a run with too few kills or
too few stakes is void, not passed.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import httpx

from cli.client import ApiError, OneBox
from cli.supervisor.supervisor import Supervisor
from onebox.models import RunState, StatusOut

T = TypeVar("T")
PARTS = ("api", "api", "ics", "chain", "temporal", "keeper")
# The supervisor gives up on a part that dies more than five times a minute.
_MOST_OF_A_PART = 4
_PATIENCE_SECONDS = 180
_SPREAD_SECONDS = 25.0
_UNAVAILABLE = 503


@dataclass
class Tally:
    """What was done and what came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    txes: list[str] = field(default_factory=list)
    retried: int = 0


async def persistent(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask as a client does: again after no answer, and again after a 503."""
    for _ in range(400):
        try:
            return await ask()
        except httpx.TransportError:
            await asyncio.sleep(0.4)
        except ApiError as error:
            if error.status != _UNAVAILABLE:
                raise
            await asyncio.sleep(0.4)
    raise TimeoutError("the API did not come back")


async def stake(user: OneBox, after: float) -> StatusOut:
    """One sentence of one token, some seconds from now, through everything to its end."""
    await asyncio.sleep(after)
    plan = (await persistent(lambda: user.plan("Stake 1 AGIALPHA as an agent"))).plan
    run = await persistent(lambda: user.execute(plan.plan_id, ["deposit_stake"]))
    found = await persistent(lambda: user.status(run.run_id))
    while not found.run.state.final:
        found = await persistent(lambda: user.status(run.run_id, wait=5))
    return found


async def storm(up: Supervisor, dice: random.Random, over: asyncio.Event, tally: Tally) -> None:
    """Kill a part every few seconds until it is over."""
    while not over.is_set():
        await asyncio.sleep(dice.uniform(2.5, 5.5))
        part = dice.choice(PARTS)
        if not over.is_set() and tally.kills[part] < _MOST_OF_A_PART:
            tally.kills[part] += 1
            up.kill(part)


async def stakes_in_a_storm(up: Supervisor, count: int, seed: int) -> Tally:
    """So many stakes at once, and kills until they have all ended."""
    tally, over, dice = Tally(), asyncio.Event(), random.Random(seed)  # noqa: S311 - to be repeatable
    # A killed server leaves dead connections behind: none are kept.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=up.endpoints.api, timeout=60, trust_env=False, limits=limits
    ) as http:
        user = OneBox("agent", up.tokens["agent"].token, http)
        killing = asyncio.create_task(storm(up, dice, over, tally))
        starts = [dice.uniform(0, _SPREAD_SECONDS) for _ in range(count)]
        asked = asyncio.gather(*(stake(user, start) for start in starts))
        ends = await asyncio.wait_for(asked, _PATIENCE_SECONDS)
        over.set()
        await killing
    for end in ends:
        _count(tally, end)
    return tally


def _count(tally: Tally, end: StatusOut) -> None:
    tally.ends[end.run.state.value] += 1
    tally.retried += sum(step.gen for step in end.steps)
    if end.run.state is RunState.SUCCEEDED and end.receipts is not None:
        tally.txes += end.receipts.txes
