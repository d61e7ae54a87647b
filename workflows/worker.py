"""The worker: what polls Temporal, with everything its activities stand on."""

from datetime import timedelta
from importlib.metadata import version

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
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.deps import ActivityDeps
from activities.look import Look
from activities.observe import ObserveActivities
from activities.reconcile import Reconcile
from activities.record_end import RecordEnd
from activities.run_step import RunStep
from activities.sweep import Sweeper
from workflows.client import Engine
from workflows.engine_settings import WorkerSettings
from workflows.run_plan import RunPlan
from workflows.sweep import Sweep

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
    name = f"sweep:{task_queue}"
    action = ScheduleActionStartWorkflow(Sweep.run, id=name, task_queue=task_queue)
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=SWEEP_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(name, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).trigger()
