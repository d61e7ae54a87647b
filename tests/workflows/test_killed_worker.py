"""A worker process is killed in the middle of a local activity: another one takes the run up."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onebox.models import RunState
from onebox.run import RunInput
from tests.support.builders import plan_of, step
from tests.workflows.scripted import ScriptedActivities
from workflows.options import task_timeout
from workflows.run_plan import RunPlan

pytestmark = pytest.mark.live
# What a busy test machine may add to the server's own time limit.
_GRACE_SECONDS = 4.0


@asynccontextmanager
async def mortal(address: str, queue: str, file: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own."""
    words = ("-m", "tests.workflows.mortal", address, queue, str(file))
    process = await asyncio.create_subprocess_exec(sys.executable, *words)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("moment", ["step", "ends"])
async def test_a_killed_workers_local_activity_is_taken_up_within_seconds(
    temporal_client: Client, temporal_address: str, tmp_path: Path, moment: str
) -> None:
    """Kill -9 while step b, or the recording of the end, runs within a workflow task.

    The next worker does b and c, and records the end, once each.
    """
    queue, steps, file = f"queue-{uuid4().hex}", [step("b"), step("c", "b")], tmp_path / moment
    start = RunInput(
        run_id="run_killed",
        root_run_id="run_killed",
        tenant="acme",
        plan=plan_of(*steps),
        effects={each.id: "pure" for each in steps},
    )
    async with mortal(temporal_address, queue, file) as victim:
        handle = await temporal_client.start_workflow(
            RunPlan.run,
            start,
            id=f"run:{queue}",
            task_queue=queue,
            task_timeout=task_timeout(len(steps)),
        )
        while not file.exists():
            assert victim.returncode is None
            await asyncio.sleep(0.02)
        victim.kill()
        await victim.wait()
        killed = time.monotonic()
    acts = ScriptedActivities({})
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[RunPlan],
        activities=acts.all(),
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        end = await handle.result()
    took = time.monotonic() - killed
    assert end.state is RunState.SUCCEEDED
    assert [call[1] for call in acts.calls] == ["b", "c"]
    assert [recorded.state for recorded in acts.ends] == [RunState.SUCCEEDED]
    assert took < task_timeout(len(steps)).total_seconds() + _GRACE_SECONDS
