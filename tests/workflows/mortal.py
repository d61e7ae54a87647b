"""`python -m tests.workflows.mortal <address> <queue> <file>`: a worker that is there to be killed.

What it begins writes its name to the file and then never ends: a step, or where the file is
called `ends`, the recording of the run's end.
"""

import asyncio
import sys
from pathlib import Path

from temporalio import activity
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onebox.run import RunEnd, StepResult, StepTask
from tests.workflows.scripted import done
from workflows.client import connect
from workflows.run_plan import RunPlan


async def main(address: str, queue: str, file: Path) -> None:
    """Work until the kill."""

    @activity.defn(name="run_step")
    async def run_step(task: StepTask) -> StepResult:
        if file.name == "ends":
            return done()
        file.write_text(task.step.id, encoding="utf-8")  # noqa: ASYNC240 - nothing else runs here
        return await asyncio.Future()

    @activity.defn(name="record_end")
    async def record_end(end: RunEnd) -> None:
        file.write_text(end.run_id, encoding="utf-8")  # noqa: ASYNC240 - as above
        await asyncio.Future()

    async with Worker(
        await connect(address, "onebox"),
        task_queue=queue,
        workflows=[RunPlan],
        activities=[run_step, record_end],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
