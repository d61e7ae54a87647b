"""From a step to the intent that ICS is called with, and from ICS's bytes to stored lines."""

from dataclasses import dataclass

from activities.admitted import Admitted, admitted
from activities.deps import ActivityDeps
from activities.ics_client import IntentCall
from activities.transcript import Line, Transcript
from onebox.contract import Tool
from onebox.dag import resolve
from onebox.digest import key_of, step_digest
from onebox.errors import InputUnresolved
from onebox.models import IntentStatus, Json, StepError
from onebox.run import Phase, StepTask
from store import lines

# How long after the claim ICS may still begin: longer than any honest queue on loopback,
# short enough that a lost request is proved dead soon.
NOT_AFTER_SECONDS = 30


class BadParams(Exception):  # noqa: N818 - carries the step's error, never leaves this package
    """The resolved params do not fit the tool's schema: nothing may be sent."""

    def __init__(self, error: StepError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True)
class Prepared:
    """A step ready to be sent: its tool, resolved params, key, digest and what it rests on."""

    task: StepTask
    tool: Tool
    params: Json
    key: str
    digest: str
    admitted: Admitted

    def call(self, *, not_after: int, verdict_ref: str | None = None) -> IntentCall:
        """The confirmed call of this step."""
        return IntentCall(
            intent=self.tool.intent,
            params=self.params,
            meta=self.task.meta.for_ics(),
            confirm=True,
            key=self.key,
            plan_id=self.task.plan_id,
            digest=self.digest,
            not_after=not_after,
            verdict_ref=verdict_ref,
            rules=self.admitted.rules,
        )


@dataclass(frozen=True)
class Sent:
    """How a call ended, and the count and digest of its stored lines."""

    status: IntentStatus
    lines: int
    lines_sha256: str


async def prepare(deps: ActivityDeps, task: StepTask) -> Prepared:
    """Resolve the step's references, fix its deadline, check it in full.

    Raises:
        BadParams: an output is missing or a value does not fit the schema.
        PlanDigestMismatch: the stored plan cannot be read any more.
    """
    tool = deps.contract.tools[task.step.tool or ""]
    try:
        params = _with_deadline(resolve(task.step.params, task.outputs), task.deadline_at)
    except InputUnresolved as error:
        raise BadParams(StepError(code=error.code, message=error.message)) from error
    problems = deps.contract.check_params(tool.tool, params, allow_refs=False)
    if problems:
        message = "; ".join(f"{p.pointer}: {p.message}" for p in problems)
        raise BadParams(StepError(code=problems[0].code, message=message))
    digest = step_digest(
        plan_id=task.plan_id,
        step_id=task.step.id,
        gen=task.gen,
        intent=tool.intent,
        params=params,
        meta=task.meta.for_ics(),
    )
    key = key_of(task.root_run_id, task.step.id, task.gen)
    return Prepared(task, tool, params, key, digest, await admitted(deps, task, tool))


def _with_deadline(params: Json, deadline_at: int | None) -> Json:
    if deadline_at is None:
        return params
    return {**params, "job": {**params["job"], "deadlineAt": deadline_at}}


async def transcript(deps: ActivityDeps, task: StepTask, phase: Phase) -> Transcript:
    """The stored lines of one phase of the step, ready to be continued."""

    async def append(first: int, fresh: list[Line]) -> None:
        async with deps.db.write() as session:
            await lines.append(
                session, task.run_id, task.step.id, task.gen, phase, first, fresh, deps.clock()
            )

    async with deps.db.read() as session:
        stored = await lines.phase_lines(session, task.run_id, task.step.id, task.gen, phase)
    return Transcript(stored, append)


async def send(deps: ActivityDeps, call: IntentCall, task: StepTask) -> Sent:
    """Post a confirmed intent, store its lines as they come, and ask how it ended.

    Raises:
        IcsUnavailable, ChainUnavailable, IcsRefused, OutputLimit: what happened is unclear
            until ICS is asked by key.
    """
    script = await transcript(deps, task, Phase.EXECUTE)
    async with deps.ics.stream(call) as (_, chunks):
        await script.copy(chunks)
    return Sent(await deps.ics.status(call.key or ""), script.count, script.sha256)
