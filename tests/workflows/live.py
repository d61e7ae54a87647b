"""The product's worker and engine on a real server, with ICS as a scripted peer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

import httpx
import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.deps import ActivityDeps
from activities.sweep import Sweeper
from onebox.models import RunState, Step, StepState
from store import decisions, movements, runs, steps
from store.decisions import Verdict
from store.tables import MovementRow, RunRow, StepRow
from tests.activities.conftest import CONFIG, World
from tests.support.answers import answer
from tests.support.fake_ics import FakeIcs
from tests.workflows.admitted import admitted
from workflows.client import Engine, workflow_id
from workflows.engine_settings import load_engine_settings
from workflows.worker import worker_for


@dataclass
class SlowIcs(FakeIcs):
    """Takes an intent in, and says nothing before it may."""

    speaks: asyncio.Event = field(default_factory=asyncio.Event)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await super()._answer(request)
        if request.url.path == "/intents":
            await self.speaks.wait()
        return answer


@dataclass
class Live:
    """One queue on the server; what a test does is what a person or a crash does."""

    world: World
    ics: SlowIcs
    client: Client
    engine: Engine
    deps: ActivityDeps

    @classmethod
    def on(cls, client: Client, world: World) -> "Live":
        """A queue of its own."""
        ics = SlowIcs(world.ics.contract_json)
        ics.speaks.set()
        handshake = replace(world.deps.handshake, ics=ics.client())
        deps = replace(world.deps, ics=ics.client(), handshake=handshake, clock=time.time)
        engine = Engine(client, f"queue-{uuid4().hex}", deps.contract)
        return cls(world, ics, client, engine, deps)

    def worker(self) -> Worker:
        """The product's, which does not wait long when it is stopped."""
        use = load_engine_settings(CONFIG).worker
        quick = use.model_copy(update={"graceful_shutdown_seconds": 0.1})
        return worker_for(self.client, self.engine, self.deps, quick)

    async def started(self, *steps: Step, approvals: Sequence[str] = ()) -> str:
        """A run that the API has admitted, started and marked."""
        row, plan = await admitted(self.world, *steps, now=time.time(), approvals=approvals)
        await self.engine.start(row, plan)
        async with self.world.db.write() as session:
            await runs.mark_workflow_started(session, row.run_id, time.time())
        return row.run_id

    async def sweep(self) -> None:
        """One sweep."""
        await ActivityEnvironment().run(Sweeper(self.deps, self.engine).sweep)

    def handle(self, run_id: str) -> WorkflowHandle[object, object]:
        """The run in the Web UI."""
        return self.client.get_workflow_handle(workflow_id(run_id))

    async def reset(self, run_id: str) -> None:
        """Back to its first task, as the Web UI's button does."""
        events = self.handle(run_id).fetch_history_events()
        closed = [
            event.event_id
            async for event in events
            if event.HasField("workflow_task_completed_event_attributes")
        ]
        asked = ResetWorkflowExecutionRequest(
            namespace=self.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id(run_id)),
            reason="a person wanted it",
            workflow_task_finish_event_id=closed[0],
            request_id=uuid4().hex,
        )
        await self.client.workflow_service.reset_workflow_execution(asked)

    async def vanish(self, run_id: str) -> None:
        """As if retention or a lost database had taken the workflow."""
        asked = DeleteWorkflowExecutionRequest(
            namespace=self.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id(run_id)),
        )
        await self.client.workflow_service.delete_workflow_execution(asked)
        for _ in range(200):
            if await self.engine.ended(run_id) == "vanished":
                return
            await asyncio.sleep(0.05)
        pytest.fail("the workflow is still there")

    async def answer(self, run_id: str, step_id: str, verdict: Verdict) -> None:
        """The row of an answer, without its nudge."""
        async with self.world.db.write() as session:
            row = await decisions.of_step(session, run_id, step_id, 0)
            await answer(session, row, verdict, time.time())

    async def row(self, run_id: str) -> RunRow:
        """The run as stored."""
        async with self.world.db.read() as session:
            return await runs.load(session, run_id, None)

    async def step(self, run_id: str, step_id: str) -> StepRow:
        """The step as stored."""
        async with self.world.db.read() as session:
            return await steps.load(session, run_id, step_id)

    async def movements(self, run_id: str) -> list[MovementRow]:
        """All of the run."""
        async with self.world.db.read() as session:
            return list(await movements.of_run(session, run_id))

    async def until(self, run_id: str, step_id: str, state: StepState) -> None:
        """Wait until the row says so."""
        for _ in range(400):
            if (await self.step(run_id, step_id)).state == state:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"{step_id} never became {state}")

    async def until_key(self, key: str) -> None:
        """Wait until ICS has seen it."""
        for _ in range(400):
            if key in self.ics.keys or key in self.ics.open:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"{key} was never sent")

    async def ended(self, run_id: str) -> RunRow:
        """Wait until the row has an end."""
        for _ in range(400):
            row = await self.row(run_id)
            if RunState(row.state).final:
                return row
            await asyncio.sleep(0.05)
        pytest.fail(f"the run is still {row.state}")

    def sent(self, run_id: str) -> list[str]:
        """The keys of this run that ICS executed."""
        keys = self.ics.keys.items()
        return [key for key, done in keys if key.startswith(run_id) and done.outcome == "executed"]
