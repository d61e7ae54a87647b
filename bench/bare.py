"""The yardstick: the least Temporal workflow that has the same handler do the same work.

It stores nothing, checks nothing, asks for no outcome: one activity a step posts the intent and
reads its stream to the end.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from activities.ics_client import IntentCall
from bench.work import TOOL, USER
from onebox.contract import Contract
from onebox.digest import step_digest
from workflows.engine_settings import WorkerSettings

QUEUE = "bare"
_VALID_SECONDS = 30
_PLAN = "0" * 64


@dataclass(frozen=True)
class Post:
    """The one activity."""

    url: str
    headers: dict[str, str]
    http: httpx.AsyncClient
    intent: str

    @activity.defn(name="post")
    async def post(self, text: str) -> int:
        """Post the intent, read what the handler says; the number of bytes."""
        call = _call(self.intent, text)
        body, size = json.dumps(call.body()), 0
        headers = {**self.headers, **call.headers()}
        async with self.http.stream("POST", self.url, content=body, headers=headers) as response:
            response.raise_for_status()
            async for chunk in response.aiter_raw():
                size += len(chunk)
        return size


@workflow.defn(name="Bare")
class Bare:
    """Level after level, the steps of one together."""

    @workflow.run
    async def run(self, levels: list[list[str]]) -> int:
        """The sum of the sizes."""
        total = 0
        for texts in levels:
            total += sum(await asyncio.gather(*map(_posted, texts)))
        return total


async def _posted(text: str) -> int:
    size: int = await workflow.execute_activity(
        "post", text, result_type=int, start_to_close_timeout=timedelta(minutes=1)
    )
    return size


def bare_worker(client: Client, post: Post, use: WorkerSettings, eager: int) -> Worker:
    """A worker with the same settings as OneBox's."""
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare],
        activities=[post.post],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=use.max_cached_workflows,
        max_concurrent_activities=use.max_concurrent_activities,
        max_concurrent_workflow_tasks=use.max_concurrent_workflow_tasks,
        max_eager_activity_reservations_per_workflow_task=eager,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(use.workflow_task_polls),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(use.activity_task_polls),
    )


def post_to(ics_url: str, token: str, http: httpx.AsyncClient, contract: Contract) -> Post:
    """The activity on this ICS."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers["Accept-Encoding"] = "identity"
    return Post(f"{ics_url}/intents", headers, http, contract.tools[TOOL].intent)


def _call(intent: str, text: str) -> IntentCall:
    """What ICS takes from nobody without: a key, a digest and a time limit."""
    run, params = f"run_{uuid4().hex}", {"description": text}
    meta = {"userId": USER, "traceId": str(uuid4())}
    digest = step_digest(plan_id=_PLAN, step_id="s", gen=0, intent=intent, params=params, meta=meta)
    return IntentCall(
        intent=intent,
        params=params,
        meta=meta,
        confirm=True,
        key=f"{run}:s:0",
        plan_id=_PLAN,
        digest=digest,
        not_after=int(time.time()) + _VALID_SECONDS,
    )
