"""The world of the activities with a hostile ICS on a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.handshake import Handshake
from onebox.models import Step
from onebox.run import StepResult
from store import waits
from tests.activities.conftest import RUN, World
from tests.hostile.raw_ics import IDLE_SECONDS, Play, RawIcs


@asynccontextmanager
async def speaking(
    world: World, *plays: Play, idle: float = IDLE_SECONDS, whole: float = 5.0
) -> AsyncIterator[RawIcs]:
    """The world with an ICS on a socket, playing these streams; limits in seconds."""
    ics, deps = RawIcs(world.ics.contract_json, list(plays)), world.deps
    async with ics.open(idle, whole) as client:
        shake = Handshake(
            client, deps.contract, deps.handshake.rulebook, deps.deployment, deps.clock
        )
        world.deps = replace(deps, ics=client, handshake=shake)
        yield ics


async def attempt(method: Any, world: World, step: Step, gen: int = 0) -> StepResult:
    """One attempt of an activity."""
    result: StepResult = await ActivityEnvironment().run(method, world.task(step, gen=gen))
    return result


async def waiting_for(world: World) -> str:
    """What status says that the one waiting step waits for."""
    async with world.db.read() as session:
        (wait,) = await waits.of_run(session, RUN)
    return wait.waiting_for
