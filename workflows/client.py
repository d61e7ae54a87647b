"""The only place that connects to Temporal: start, nudge, ask, cancel."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import GrpcCompression, RPCError, RPCStatusCode

from onebox.contract import Contract
from onebox.errors import TemporalUnavailable
from onebox.models import Json, OrchestrationPlan
from onebox.run import LiveState, RunInput
from store.tables import RunRow
from workflows.options import LOCAL_IN_A_ROW, task_timeout
from workflows.run_plan import RunPlan

_QUICK = timedelta(seconds=2)
_START = timedelta(seconds=5)
# A long poll lasts a minute: a worker heard of before that may be gone.
_POLLED_SECONDS = 70.0


async def connect(address: str, namespace: str) -> Client:
    """A client that speaks our models.

    Raises:
        TemporalUnavailable: no server answers there.
    """
    try:
        return await Client.connect(
            address,
            namespace=namespace,
            data_converter=pydantic_data_converter,
            # On loopback compressing costs more than it saves (performance.md 2.5).
            grpc_compression=GrpcCompression.NONE,
        )
    except RuntimeError as error:
        raise TemporalUnavailable(f"{address}: {error}") from error


def workflow_id(run_id: str) -> str:
    """The id under which a run is found in the Temporal Web UI."""
    return f"run:{run_id}"


@dataclass(frozen=True)
class Engine:
    """What the API and the sweep may ask of Temporal."""

    client: Client
    task_queue: str
    contract: Contract
    max_parallel: int = 16
    clock: Callable[[], float] = time.time

    async def ping(self) -> None:
        """Raise TemporalUnavailable unless the server answers."""
        try:
            healthy = await self.client.service_client.check_health(timeout=_QUICK)
        except RPCError as error:
            raise TemporalUnavailable(str(error)) from error
        if not healthy:
            raise TemporalUnavailable("the server does not serve")

    async def has_worker(self) -> bool:
        """True when some worker polled our task queue in the last minute."""
        asked = DescribeTaskQueueRequest(
            namespace=self.client.namespace,
            task_queue=TaskQueue(name=self.task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            found = await self.client.workflow_service.describe_task_queue(asked, timeout=_QUICK)
        except RPCError:
            return False
        seen = [poller.last_access_time.ToSeconds() for poller in found.pollers]
        # Either clock may have been set: a poll of the far future is as old as one of long ago.
        return any(abs(self.clock() - at) < _POLLED_SECONDS for at in seen)

    async def start(
        self, run: RunRow, plan: OrchestrationPlan, prior: dict[str, Json] | None = None
    ) -> None:
        """Start the run's workflow; a run that was started stays as it is.

        Raises:
            TemporalUnavailable: the row stays the outbox, the sweep starts it.
        """
        try:
            await self.client.start_workflow(
                RunPlan.run,
                self._input(run, plan, prior or {}),
                id=workflow_id(run.run_id),
                task_queue=self.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=_attributes(run),
                static_summary=_summary(plan),
                request_eager_start=True,
                task_timeout=task_timeout(len(plan.steps)),
                rpc_timeout=_START,
            )
        except WorkflowAlreadyStartedError:
            return
        except RPCError as error:
            raise TemporalUnavailable(str(error)) from error

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Tell the workflow that a row about a step was stored.

        Raises:
            TemporalUnavailable: the sweep repeats the nudge.
        """
        try:
            await self._handle(run_id).signal(RunPlan.nudge, step_id, rpc_timeout=_QUICK)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise TemporalUnavailable(str(error)) from error

    async def live_state(self, run_id: str) -> LiveState | None:
        """Where the steps stand, or None when no worker answers within two seconds."""
        try:
            return await self._handle(run_id).query(RunPlan.state, rpc_timeout=_QUICK)
        except RPCError:
            return None

    async def ended(self, run_id: str) -> str | None:
        """How the workflow ended, "vanished" where there is none, None while it runs."""
        try:
            found = await self._handle(run_id).describe(rpc_timeout=_QUICK)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return "vanished"
            raise TemporalUnavailable(str(error)) from error
        if found.status in {None, WorkflowExecutionStatus.RUNNING}:
            return None
        return found.status.name.lower()

    def _handle(self, run_id: str) -> WorkflowHandle[RunPlan, object]:
        return self.client.get_workflow_handle(workflow_id(run_id))

    def _input(self, run: RunRow, plan: OrchestrationPlan, prior: dict[str, Json]) -> RunInput:
        tools = self.contract.tools
        return RunInput(
            run_id=run.run_id,
            root_run_id=run.root_run_id,
            tenant=run.tenant,
            plan=plan,
            effects={step.id: tools[step.tool or ""].effect for step in plan.steps},
            approvals=run.approvals,
            deadlines=run.deadlines,
            prior=prior,
            max_parallel=self.max_parallel,
            local_in_a_row=LOCAL_IN_A_ROW,
        )


def _attributes(run: RunRow) -> TypedSearchAttributes:
    values = {
        "OneboxPlanId": run.plan_id,
        "OneboxUserId": run.user_id,
        "OneboxTenant": run.tenant,
        "OneboxTraceId": run.trace_id,
        "OneboxState": "running",
    }
    return TypedSearchAttributes(
        [
            SearchAttributePair(SearchAttributeKey.for_keyword(name), value)
            for name, value in values.items()
        ]
    )


def _summary(plan: OrchestrationPlan) -> str:
    return " > ".join(step.name for step in plan.steps[:6]) or "no steps"
