"""What the end-to-end tests do again and again: a sentence to its end, and patience."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from cli.client import OneBox
from cli.demo.story import VALIDATORS
from cli.supervisor.supervisor import Supervisor
from onebox.contract import load_contract
from onebox.models import ConfirmationOut, Effect, RunState, StatusOut, StepState
from onebox.settings import Settings

_TOOLS = load_contract(Settings().config_dir).tools
MONEY = {name for name, tool in _TOOLS.items() if tool.effect is Effect.MONEY}


async def begun(user: OneBox, sentence: str) -> str:
    """The run of a sentence, everything approved with the plan."""
    plan = (await user.plan(sentence)).plan
    approvals = [step.id for step in plan.steps if step.tool in MONEY]
    return (await user.execute(plan.plan_id, approvals)).run_id


async def ended(user: OneBox, run_id: str) -> StatusOut:
    """The end of a run, through whatever happens to the API meanwhile."""
    found = await answered(lambda: user.status(run_id))
    while not found.run.state.final:
        found = await answered(lambda: user.status(run_id, wait=10))
        await asyncio.sleep(0.1)
    return await answered(lambda: user.status(run_id))


async def done(user: OneBox, sentence: str) -> StatusOut:
    """A sentence to its successful end."""
    found = await ended(user, await begun(user, sentence))
    assert found.run.state is RunState.SUCCEEDED, found.run.error
    return found


async def waiting(user: OneBox, run_id: str, step_id: str) -> StatusOut:
    """The first status in which the step waits."""
    for _ in range(150):
        found = await answered(lambda: user.status(run_id))
        if next(step for step in found.steps if step.id == step_id).state is StepState.WAITING:
            return found
        await asyncio.sleep(0.2)
    pytest.fail(f"{step_id} never waited: {found.run.state}")


async def answered(ask: Callable[[], Awaitable[StatusOut]]) -> StatusOut:
    """The answer, as soon as the API is there to give one."""
    for _ in range(120):
        try:
            return await ask()
        except httpx.TransportError:
            await asyncio.sleep(0.5)
    pytest.fail("the API did not come back within a minute")


async def ready(http: httpx.AsyncClient, after: float = 0.0) -> None:
    """Wait until every part is well, looking for the first time after so many seconds."""
    await asyncio.sleep(after)
    for _ in range(240):
        try:
            if (await http.get("/readyz")).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.25)
    pytest.fail("the stack did not come back within a minute")


async def staffed(users: dict[str, OneBox]) -> None:
    """An agent and three validators have their stakes."""
    stakes = [done(users[name], "Stake 5 AGIALPHA as a validator") for name in VALIDATORS]
    await asyncio.gather(done(users["agent"], "Stake 20 AGIALPHA as an agent"), *stakes)


async def judged(users: dict[str, OneBox], job_id: str) -> None:
    """The work of a job, submitted and approved by its committee."""
    agent = users["agent"]
    await done(agent, f"Apply to job {job_id} as alice.agent.agi.eth")
    result = f"https://results.example.org/{job_id}.zip"
    await done(agent, f"Submit {result} for job {job_id} as alice.agent.agi.eth")
    votes = (
        done(users[name], f"Approve job {job_id} as {ens}.club.agi.eth")
        for name, ens in VALIDATORS.items()
    )
    await asyncio.gather(*votes)


@contextmanager
def silent(up: Supervisor, part: str) -> Iterator[None]:
    """A part that does not answer, as long as the block lasts."""
    pid = up.endpoints.pids[part]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def question(user: OneBox, run_id: str) -> ConfirmationOut:
    """What the run asks, as soon as it does."""
    for _ in range(400):
        for asked in await user.confirmations():
            if asked.run_id == run_id:
                return asked
        await asyncio.sleep(0.1)
    pytest.fail("the step never asked")


def job_of(found: StatusOut) -> str:
    """The job that post_job made."""
    posted = next(step for step in found.steps if step.id == "post_job")
    return str((posted.outputs or {})["jobId"])
