"""The routes alone, one request at a time, beside a FastAPI route that does nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import httpx

from bench.apart import served
from bench.figures import Figure, Sample
from bench.progress import Progress
from bench.stage import Stage, free_ports
from cli.client import OneBox
from onebox.models import RunState

_USER = "operator"
# Small, so that all the new runs of a bench fit one day's budget.
_SENTENCE = "Post a 0.25 AGIALPHA job to label {} images, due in 7 days"
_WARM_UPS = 3

Request = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Route:
    """One row: a request that is repeated."""

    name: str
    request: Request


async def measure_routes(on: Stage, seconds: float, progress: Progress) -> dict[str, Figure]:
    """So many seconds of each route, in turn.

    The executed plan is a post_job: its run is asked about (`status`) while it waits for its
    confirmation, so that the live workflow is asked too, as a client that follows a run does.
    """
    (port,) = free_ports(1)
    async with (
        served("bench.empty", port) as url,
        httpx.AsyncClient(base_url=on.up.endpoints.api, timeout=60, trust_env=False) as http,
        httpx.AsyncClient(base_url=url, trust_env=False) as nothing,
    ):
        user = OneBox(_USER, on.up.tokens[_USER].token, http)
        return await _each(await _routes(user, nothing), seconds, progress)


async def _routes(user: OneBox, nothing: httpx.AsyncClient) -> list[Route]:
    number = count(1)
    plan_id = (await user.plan(_SENTENCE.format(next(number)))).plan.plan_id
    run_id = (await user.execute(plan_id, [])).run_id
    await _asked(user, run_id)
    simulated = (await user.plan(_SENTENCE.format(next(number)))).plan.plan_id
    return [
        Route("empty FastAPI route", lambda: nothing.post("/empty")),
        Route("/onebox/plan", lambda: user.plan(_SENTENCE.format(next(number)))),
        Route("/onebox/simulate (6 steps, 3 dry runs)", lambda: user.simulate(simulated)),
        Route("/onebox/status (waiting run)", lambda: user.status(run_id)),
        Route("/onebox/execute (run exists)", lambda: user.execute(plan_id, [])),
    ]


async def _asked(user: OneBox, run_id: str) -> None:
    """Wait until the run waits for its answer."""
    async for found in user.follow(run_id):
        if found.run.state is RunState.AWAITING_CONFIRMATION:
            return
    raise RuntimeError(f"{run_id} ended without a question")


async def _each(routes: list[Route], seconds: float, progress: Progress) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for route in routes:
        figure = found[route.name] = (await _measured(route, seconds)).figure()
        progress.say(f"{route.name}: p50 {figure.p50_ms} ms, {figure.a_second:.0f}/s")
    return found


async def _measured(route: Route, seconds: float) -> Sample:
    for _ in range(_WARM_UPS):
        await route.request()
    sample, start = Sample(), time.perf_counter()
    while time.perf_counter() - start < seconds:
        began = time.perf_counter()
        await route.request()
        sample.took.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    sample.wall = time.perf_counter() - start
    return sample
