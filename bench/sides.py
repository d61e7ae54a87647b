"""The two sides of the comparison: each prepares a run unseen by the clock, then does it."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

from temporalio.client import Client

from bench.bare import QUEUE, Bare
from bench.work import TENANT, USER, Shape, plan_of, texts_of
from onebox.digest import run_id_of
from onebox.models import OrchestrationPlan, RunState
from onebox.run import RunEnd
from store import plans, runs
from store.runs import Admission
from workflows.client import workflow_id
from workflows.parts import Parts

Run = Callable[[], Awaitable[None]]


class Side(Protocol):
    """OneBox or bare Temporal."""

    name: str

    async def prepare(self, shape: Shape) -> Run:
        """A run that is ready to be started; awaiting it ends at its terminal state."""

    def as_served(self) -> AbstractContextManager[None]:
        """Around the rounds of this side."""


@dataclass
class OneBoxSide:
    """From admission (run row, step rows, budget day) to the workflow's result.

    The plan is stored before the clock starts, as /onebox/plan would have; HTTP has tables
    of its own.
    """

    parts: Parts
    name: str = "OneBox"

    async def prepare(self, shape: Shape) -> Run:
        """A stored plan."""
        parts, now = self.parts, time.time()
        plan = plan_of(shape, parts.contract, parts.deployment.identity)
        async with parts.db.write() as session:
            await plans.save(session, plan, tenant=TENANT, user_id=USER, input_text=None, now=now)
        return lambda: self._run(plan)

    async def _run(self, plan: OrchestrationPlan) -> None:
        async with self.parts.db.write() as session:
            row, _ = await runs.admit(session, admission(plan, time.time()))
        await self.parts.engine.start(row, plan)
        async with self.parts.db.write() as session:
            await runs.mark_workflow_started(session, row.run_id, time.time())
        handle = self.parts.client.get_workflow_handle(workflow_id(row.run_id), result_type=RunEnd)
        end = await handle.result()
        if end.state is not RunState.SUCCEEDED:
            raise RuntimeError(f"{end.run_id} ended as {end.state}: {end.error}")

    @contextmanager
    def as_served(self) -> Iterator[None]:
        """Logs as `onebox serve` writes them."""
        yield


@dataclass
class BareSide:
    """From start_workflow to its result."""

    client: Client
    name: str = "bare Temporal"

    async def prepare(self, shape: Shape) -> Run:
        """The texts of a run."""
        levels = texts_of(shape)
        return lambda: self._run(levels)

    async def _run(self, levels: list[list[str]]) -> None:
        handle = await self.client.start_workflow(
            Bare.run,
            levels,
            id=f"bare:{uuid4().hex}",
            task_queue=QUEUE,
            request_eager_start=True,
        )
        if await handle.result() == 0:
            raise RuntimeError("the handler said nothing")

    @contextmanager
    def as_served(self) -> Iterator[None]:
        """No logs: the least there is."""
        logging.disable(logging.INFO)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def admission(plan: OrchestrationPlan, now: float) -> Admission:
    """The run of a plan that holds nothing and asks nobody."""
    return Admission(
        run_id=run_id_of(plan.plan_id),
        plan=plan,
        tenant=TENANT,
        user_id=USER,
        day=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d"),
        cap=0,
        holds=[],
        approvals=[],
        deadlines={},
        now=now,
    )
