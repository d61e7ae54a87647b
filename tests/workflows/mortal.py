"""`python -m tests.workflows.mortal <address> <queue> <file>`: a worker that is there to be killed.

Its steps write their id to the file and then never end.
"""

import asyncio
import sys
from pathlib import Path

from temporalio import activity
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onebox.run import StepResult, StepTask
from workflows.client import connect
from workflows.run_plan import RunPlan


async def main(address: str, queue: str, file: Path) -> None:
    """Work until the kill."""

    @activity.defn(name="run_step")
    async def run_step(task: StepTask) -> StepResult:
        file.write_text(task.step.id, encoding="utf-8")  # noqa: ASYNC240 - nothing else runs here
        return await asyncio.Future()

    async with Worker(
        await connect(address, "onebox"),
        task_queue=queue,
        workflows=[RunPlan],
        activities=[run_step],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
