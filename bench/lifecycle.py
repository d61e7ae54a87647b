"""One job from its sentence to its payout, as its five users live it."""

import asyncio
import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass

import httpx

from bench.progress import Progress
from bench.stage import WINDOWS, Stage
from cli.client import OneBox
from cli.demo.story import VALIDATORS
from onebox.models import RunState, StatusOut, StepState

# Small, so that several of them fit one day's budget; no two texts are alike.
_SENTENCE = "Post a 0.5 AGIALPHA job to sort {} letters by sender, due in 7 days"
_LABEL = "alice.agent.agi.eth"


@dataclass(frozen=True)
class Lifecycle:
    """Seconds from `execute` of the post to its paid end; and without the commit window.

    Nobody may reveal before that window has ended. The reveal window is not waited for: the
    vote is counted as soon as all have revealed.
    """

    seconds: float
    without_window: float


async def measure_lifecycles(on: Stage, times: int, progress: Progress) -> list[Lifecycle]:
    """So many jobs, one after the other; the stakes of agent and validators come before."""
    url = on.up.endpoints.api
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
        users = {name: OneBox(name, token.token, http) for name, token in on.up.tokens.items()}
        await _done(users["agent"], "Stake 20 AGIALPHA as an agent")
        await _all(_done(users[name], "Stake 5 AGIALPHA as a validator") for name in VALIDATORS)
        found = []
        for number in range(times):
            seconds = await _life(users, _SENTENCE.format(number + 2))
            found.append(Lifecycle(round(seconds, 2), round(seconds - WINDOWS[0], 2)))
            progress.say(f"a job's life: {seconds:.1f} s, the commit window {WINDOWS[0]} s of it")
        return found


async def _life(users: dict[str, OneBox], sentence: str) -> float:
    operator, agent = users["operator"], users["agent"]
    plan = (await operator.plan(sentence)).plan
    began = time.perf_counter()
    run_id = (await operator.execute(plan.plan_id, ["post_job", "finalize_payout"])).run_id
    job_id = await _posted(operator, run_id)
    await _done(agent, f"Apply to job {job_id} as {_LABEL}")
    await _done(agent, f"Submit https://results.example.org/l.zip for job {job_id} as {_LABEL}")
    await _all(
        _done(users[name], f"Approve job {job_id} as {label}.club.agi.eth")
        for name, label in VALIDATORS.items()
    )
    await _ended(operator, run_id)
    return time.perf_counter() - began


async def _done(user: OneBox, sentence: str) -> None:
    """The sentence to its successful end, each of its steps approved."""
    plan = (await user.plan(sentence)).plan
    run = await user.execute(plan.plan_id, [step.id for step in plan.steps if _asks(step.tool)])
    await _ended(user, run.run_id)


def _asks(tool: str | None) -> bool:
    return tool is not None and not tool.startswith(("safety.", "ipfs.", "validator.turn"))


async def _posted(user: OneBox, run_id: str) -> str:
    async for found in user.follow(run_id):
        step = next(step for step in found.steps if step.id == "post_job")
        if step.state is StepState.COMPLETED:
            return str((step.outputs or {})["jobId"])
    raise RuntimeError(f"{run_id} ended without a job")


async def _ended(user: OneBox, run_id: str) -> None:
    last: StatusOut | None = None
    async for found in user.follow(run_id):
        last = found
    if last is None or last.run.state is not RunState.SUCCEEDED:
        raise RuntimeError(f"{run_id} did not succeed: {last and last.run.error}")


async def _all(works: Iterable[Awaitable[None]]) -> None:
    await asyncio.gather(*works)
