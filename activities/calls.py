"""From a step to the intent that ICS is called with, and from ICS's bytes to stored lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from activities.admitted import Admitted, admitted
from activities.deps import ActivityDeps
from activities.ics_client import IntentCall
from activities.transcript import NOTHING, Line, Rest, Transcript
from onebox.contract import Tool
from onebox.dag import resolve
from onebox.digest import key_of, step_digest
from onebox.errors import IcsUnavailable, InputUnresolved
from onebox.models import Effect, IntentStatus, Json, Outcome, StepError
from onebox.run import Phase, StepTask
from store import lines
from store.steps import RunRules

# How long after the claim ICS may still begin: longer than any honest queue on loopback,
# short enough that a lost request is proved dead soon.
NOT_AFTER_SECONDS = 30
# The same for a step that moves nothing: no harm is in its lateness, and ICS may have been silent.
_HARMLESS_SECONDS = 86_400
# A handler that is done sooner has its lines stored together with its result; whoever reads
# along sees the lines of a longer one no later than this.
LINGER_SECONDS = 0.15


class BadParams(Exception):  # noqa: N818 - carries the step's error, never leaves this package
    """The resolved params do not fit the tool's schema: nothing may be sent."""

    def __init__(self, error: StepError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True)
class Prepared:
    """A step ready to be sent: its tool, resolved params, key, digest and what it rests on.

    `first`: no attempt of this generation came before, so no line of it is stored.
    """

    task: StepTask
    tool: Tool
    params: Json
    key: str
    digest: str
    admitted: Admitted
    first: bool = False

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
    """How a call ended, the count and digest of its lines, and those to be stored with it."""

    status: IntentStatus
    lines: int
    lines_sha256: str
    rest: Rest = NOTHING


async def prepare(
    deps: ActivityDeps, task: StepTask, rules: RunRules, *, first: bool = False
) -> Prepared:
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
    return Prepared(task, tool, params, key, digest, await admitted(deps, task, tool, rules), first)


def _with_deadline(params: Json, deadline_at: int | None) -> Json:
    if deadline_at is None:
        return params
    return {**params, "job": {**params["job"], "deadlineAt": deadline_at}}


async def transcript(
    deps: ActivityDeps, task: StepTask, phase: Phase, *, first: bool = False, linger: float = 0.0
) -> Transcript:
    """The stored lines of one phase of the step, ready to be continued."""

    async def append(at: int, fresh: Sequence[Line]) -> None:
        async with deps.db.write() as session:
            await store_lines(deps, session, task, phase, Rest(at, fresh))

    return Transcript([] if first else await _stored(deps, task, phase), append, linger)


async def _stored(deps: ActivityDeps, task: StepTask, phase: Phase) -> list[Line]:
    async with deps.db.read() as session:
        return await lines.phase_lines(session, task.run_id, task.step.id, task.gen, phase)


async def store_lines(
    deps: ActivityDeps, session: AsyncSession, task: StepTask, phase: Phase, rest: Rest
) -> None:
    """Store lines of a phase in a transaction that has other things to store too."""
    if rest.lines:
        where = (task.run_id, task.step.id, task.gen, phase)
        await lines.append(session, *where, rest.first, rest.lines, deps.clock())


async def send(deps: ActivityDeps, call: IntentCall, prepared: Prepared) -> Sent:
    """Post a confirmed intent, store its lines as they come, and ask how it ended.

    The last lines of a step that moves nothing are left for the transaction of its result:
    its key brings them again if that is never written. Those of money are stored at once.

    Raises:
        IcsUnavailable, ChainUnavailable, IcsRefused, OutputLimit: what happened is unclear
            until ICS is asked by key.
    """
    linger = 0.0 if prepared.tool.effect is Effect.MONEY else LINGER_SECONDS
    script = await transcript(
        deps, prepared.task, Phase.EXECUTE, first=prepared.first, linger=linger
    )
    async with deps.ics.stream(call) as heard:
        await script.copy(heard.chunks)
    status = None
    try:
        told = heard.told or await deps.ics.status(heard.key)
        status = _readable(deps, told, prepared.tool)
    finally:
        if status is None or not _has_result(status):
            await script.flush()
    return Sent(status, script.count, script.sha256, script.rest)


async def send_harmless(deps: ActivityDeps, prepared: Prepared) -> Sent:
    """`send` a step that moves nothing.

    Raises:
        As `send`; what is unclear is simply asked for again.
    """
    not_after = int(deps.clock()) + _HARMLESS_SECONDS
    return await send(deps, prepared.call(not_after=not_after), prepared)


def _readable(deps: ActivityDeps, status: IntentStatus, tool: Tool) -> IntentStatus:
    """The typed outcome; outputs of another form than the contract's are none that we can read."""
    if status.outputs is None:
        return status
    try:
        outputs = deps.contract.outputs_of(tool.tool, status.outputs)
    except ValueError as error:
        raise IcsUnavailable(f"ICS answered with an output of another form: {error}") from error
    return status.model_copy(update={"outputs": outputs})


def _has_result(status: IntentStatus) -> bool:
    return status.outcome.final and status.outcome is not Outcome.NOT_EXECUTED
