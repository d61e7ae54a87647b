"""From a hostile handler's socket to the answers of the routes: the same bytes."""

import base64
import json

import pytest
from temporalio.testing import ActivityEnvironment

from activities.deps import ActivityDeps
from activities.handshake import Handshake
from activities.ics_client import IcsClient
from activities.run_step import RunStep
from onebox.models import OrchestrationPlan, StepState
from onebox.run import Phase, StepResult, StepTask
from store import plans, runs
from tests.api.runs import a_run
from tests.api.world import World
from tests.hostile.raw_ics import Play, RawIcs
from tests.hostile.streams import STREAMS

SIZES = {"100,000 lines", "10,000 lines, a chunk each"}  # the activities' tests have them
STEP = "moderation_gate"


def activity_deps(world: World, client: IcsClient) -> ActivityDeps:
    """A worker's parts over the same store."""
    api = world.deps
    shake = Handshake(client, api.contract, api.rulebook, api.deployment, api.clock)
    return ActivityDeps(api.db, client, api.contract, api.deployment, shake, api.clock, 3600)


def task_of(plan: OrchestrationPlan, run_id: str) -> StepTask:
    """What the workflow would hand over."""
    return StepTask(
        run_id=run_id,
        root_run_id=run_id,
        tenant="acme",
        plan_id=plan.plan_id,
        meta=plan.metadata,
        step=next(step for step in plan.steps if step.id == STEP),
        gen=0,
        phase=Phase.EXECUTE,
        approved=True,
    )


async def heard(world: World, play: Play) -> str:
    """The id of a run whose first step heard this stream."""
    run_id = await a_run(world)
    async with world.deps.db.read() as session:
        row = await runs.load(session, run_id, None)
        plan = await plans.load(session, row.plan_id, "acme")
    async with RawIcs(world.ics.contract_json, [play]).open() as client:
        step = RunStep(activity_deps(world, client)).run_step
        result: StepResult = await ActivityEnvironment().run(step, task_of(plan, run_id))
    assert result.state is StepState.FAILED
    return run_id


@pytest.mark.parametrize("name", [name for name in STREAMS if name not in SIZES])
async def test_the_routes_show_what_was_sent(world: World, name: str) -> None:
    """Raw lines byte for byte, NDJSON and status the same; the outcome is the typed one."""
    error = {"code": "BANNED_TERMS", "message": "no"}
    play = Play(STREAMS[name], outcome="rejected", more={"error": error})
    run_id = await heard(world, play)
    assert (await world.get(f"/runs/{run_id}/lines")).content == play.content
    assert await ndjson(world, run_id) == play.content
    status = (await world.get("/status", run_id=run_id)).json()
    assert status["logs"] == texts(play.content)
    step = next(step for step in status["steps"] if step["id"] == STEP)
    assert (step["state"], step["error"]["code"]) == ("failed", "BANNED_TERMS")


def texts(content: bytes) -> list[str]:
    """The lines as JSON can hold them: only what is no UTF-8 is escaped."""
    *lines, tail = content.split(b"\n")
    return [line.decode(errors="backslashreplace") for line in [*lines, *([tail] if tail else [])]]


async def ndjson(world: World, run_id: str) -> bytes:
    """The bytes that the NDJSON form stands for."""
    headers = {**world.auth("viewer"), "Accept": "application/x-ndjson"}
    answer = await world.http.get(f"/onebox/runs/{run_id}/lines", headers=headers)
    rows = [json.loads(line) for line in answer.content.split(b"\n")[:-1]]
    parts = [
        (row["text"].encode() if "text" in row else base64.b64decode(row["base64"]))
        + (b"\n" if row["eol"] else b"")
        for row in rows
    ]
    return b"".join(parts)
