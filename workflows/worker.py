"""The worker: what polls Temporal, with everything its activities stand on."""

import asyncio
from datetime import timedelta
from importlib.metadata import version
from typing import NoReturn

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.deps import ActivityDeps
from activities.look import Look
from activities.observe import ObserveActivities
from activities.reconcile import Reconcile
from activities.record_end import RecordEnd
from activities.run_step import RunStep
from activities.sweep import Sweeper
from onebox.logs import logger
from workflows.client import Engine
from workflows.engine_settings import WorkerSettings
from workflows.run_plan import RunPlan
from workflows.sweep import Sweep

_log = logger(__name__)

SWEEP_EVERY = timedelta(minutes=1)


def worker_for(client: Client, engine: Engine, deps: ActivityDeps, use: WorkerSettings) -> Worker:
    """A worker on the engine's task queue; run it with `async with`."""
    runner = SandboxedWorkflowRunner() if use.sandboxed else UnsandboxedWorkflowRunner()
    return Worker(
        client,
        task_queue=engine.task_queue,
        workflows=[RunPlan, Sweep],
        activities=[
            RunStep(deps).run_step,
            Look(deps).look,
            Reconcile(deps).reconcile,
            RecordEnd(deps).record_end,
            Sweeper(deps, engine).sweep,
        ],
        workflow_runner=runner,
        # Named, because the SDK's own default hashes every imported module: seconds a start.
        build_id=f"onebox-{version('onebox')}",
        interceptors=[ObserveActivities()],
        max_cached_workflows=use.max_cached_workflows,
        max_concurrent_activities=use.max_concurrent_activities,
        max_concurrent_local_activities=use.max_concurrent_local_activities,
        max_concurrent_workflow_tasks=use.max_concurrent_workflow_tasks,
        max_eager_activity_reservations_per_workflow_task=engine.max_parallel,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(use.workflow_task_polls),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(use.activity_task_polls),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=use.sticky_timeout_seconds),
        graceful_shutdown_timeout=timedelta(seconds=use.graceful_shutdown_seconds),
    )


async def schedule_sweep(client: Client, task_queue: str) -> None:
    """Make the schedule of the queue's sweep unless it stands, and sweep once now.

    Each queue has its own: installations that share a namespace have their own stores.
    """
    if not await _made(client, task_queue):
        await client.get_schedule_handle(_name(task_queue)).trigger()


async def keep_scheduled(
    client: Client, task_queue: str, every: timedelta = SWEEP_EVERY
) -> NoReturn:
    """Make the schedule again whenever it is gone, until the worker ends.

    Somebody may have deleted it in the Web UI, or a Temporal server may have lost its
    database: then nobody else would ever end the runs that vanished with it.
    """
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await _made(client, task_queue)
        except RPCError as error:  # the server is away: the next time
            _log.info("sweep.not_scheduled", reason=str(error))


async def _made(client: Client, task_queue: str) -> bool:
    """True when it was not there; it then sweeps once at once."""
    name = _name(task_queue)
    action = ScheduleActionStartWorkflow(Sweep.run, id=name, task_queue=task_queue)
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=SWEEP_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(name, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        return False
    return True


def _name(task_queue: str) -> str:
    return f"sweep:{task_queue}"
