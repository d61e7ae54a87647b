"""Runs on a real server whose activities follow a script."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onebox.models import Step, StepState
from onebox.run import RunEnd, RunInput
from tests.support.builders import plan_of
from tests.workflows.scripted import Answer, ScriptedActivities
from workflows.run_plan import RunPlan

Handle = WorkflowHandle[RunPlan, RunEnd]


def waiting(seconds: float) -> ApplicationError:
    """A look that found nothing yet."""
    return ApplicationError(
        "not yet",
        type="Waiting",
        next_retry_delay=timedelta(seconds=seconds),
        category=ApplicationErrorCategory.BENIGN,
    )


@asynccontextmanager
async def run_of(  # noqa: PLR0913 - a run and all that a test may vary of it
    client: Client,
    steps: Sequence[Step],
    script: dict[str, Sequence[Answer]],
    *,
    effects: dict[str, str] | None = None,
    approvals: Sequence[str] = (),
    seconds: float = 0.0,
    slow: dict[str, float] | None = None,
) -> AsyncIterator[tuple[Handle, ScriptedActivities]]:
    """A started run; effects are pure unless named."""
    acts = ScriptedActivities(script, seconds, slow)
    run_id, queue = f"run_{uuid4().hex}", f"queue-{uuid4().hex}"
    start = RunInput(
        run_id=run_id,
        root_run_id=run_id,
        tenant="acme",
        plan=plan_of(*steps),
        effects={s.id: (effects or {}).get(s.id, "pure") for s in steps},
        approvals=list(approvals),
    )
    async with Worker(
        client,
        task_queue=queue,
        workflows=[RunPlan],
        activities=acts.all(),
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield (
            await client.start_workflow(RunPlan.run, start, id=f"run:{run_id}", task_queue=queue),
            acts,
        )


async def until_state(handle: Handle, step_id: str, state: StepState) -> None:
    """Wait until the query says so."""
    for _ in range(200):
        if (await handle.query(RunPlan.state)).steps[step_id] is state:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"{step_id} never became {state}")
