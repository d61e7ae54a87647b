"""One step that acts: shown first where it asks, claimed before its first byte, settled once."""

from dataclasses import dataclass

from temporalio import activity

from activities.beat import beating
from activities.calls import (
    NOT_AFTER_SECONDS,
    BadParams,
    Prepared,
    Sent,
    prepare,
    send,
    send_harmless,
)
from activities.confirm import ask, verdict_of
from activities.deps import ActivityDeps
from activities.ics_client import IcsRefused
from activities.postpone import outage
from activities.settle import Begun, begin, fail, settle
from activities.transcript import OutputLimit
from onebox.errors import (
    ChainUnavailable,
    ContractDrift,
    IcsUnavailable,
    OneBoxError,
    PlanDigestMismatch,
)
from onebox.models import Effect, IntentStatus, Outcome, StepError, StepState
from onebox.run import Phase, StepEnd, StepResult, StepTask
from store import movements
from store.movements import AlreadyClaimed

_DOWN = (IcsUnavailable, ChainUnavailable, ContractDrift)
_UNCLEAR = StepResult(end=StepEnd.SENT, state=StepState.UNKNOWN)


@dataclass
class RunStep:
    """The activity of steps that are pure, idempotent, or move money."""

    deps: ActivityDeps

    @activity.defn(name="run_step")
    async def run_step(self, task: StepTask) -> StepResult:
        """Do the step, or ask for it. Safe to repeat: the claim row is the guard."""
        async with beating():
            begun = await begin(self.deps, task)
            return begun.earlier or await self._attempt(task, begun)

    async def _attempt(self, task: StepTask, begun: Begun) -> StepResult:
        try:
            prepared = await prepare(self.deps, task, begun.rules, first=begun.first)
            prepared.admitted.check(task)
            await self.deps.handshake.check()
            return await self._by_effect(prepared)
        except BadParams as error:
            return await fail(self.deps, task, error.error)
        except PlanDigestMismatch as error:
            return await fail(self.deps, task, _step_error(error))
        except _DOWN as error:
            raise await outage(self.deps, task, error) from error

    async def _by_effect(self, prepared: Prepared) -> StepResult:
        if prepared.task.phase is Phase.PREVIEW:
            return await self._ask(prepared)
        if prepared.tool.effect is Effect.MONEY:
            return await self._move(prepared)
        return await self._do(prepared)

    async def _ask(self, prepared: Prepared) -> StepResult:
        """A step that ICS will not even show is never sent."""
        try:
            return await ask(self.deps, prepared)
        except IcsRefused as error:
            return await fail(self.deps, prepared.task, _step_error(error))

    async def _do(self, prepared: Prepared) -> StepResult:
        """A step that may be repeated: an unclear end is simply asked for again."""
        try:
            sent = await send_harmless(self.deps, prepared)
        except (IcsRefused, OutputLimit) as error:
            return await fail(self.deps, prepared.task, _step_error(error))
        if not sent.status.outcome.final:
            raise IcsUnavailable(f"{prepared.key} is still {sent.status.outcome.value}")
        return await settle(self.deps, prepared, sent, fence=None)

    async def _move(self, prepared: Prepared) -> StepResult:
        """A step that moves money: a yes, the claim, the call, the settlement."""
        verdict = await verdict_of(self.deps, prepared)
        if isinstance(verdict, StepResult):
            return verdict
        not_after = int(self.deps.clock()) + NOT_AFTER_SECONDS
        try:
            fence = await self._claim(prepared, not_after, verdict)
        except AlreadyClaimed:
            return _UNCLEAR
        return await self._send_claimed(prepared, not_after, verdict, fence)

    async def _claim(self, prepared: Prepared, not_after: int, verdict_ref: str) -> int:
        task = prepared.task
        async with self.deps.db.write() as session:
            return await movements.claim(
                session,
                task.run_id,
                task.step.id,
                task.gen,
                digest=prepared.digest,
                not_after=not_after,
                verdict_ref=verdict_ref,
                now=self.deps.clock(),
            )

    async def _send_claimed(
        self, prepared: Prepared, not_after: int, verdict_ref: str, fence: int
    ) -> StepResult:
        call = prepared.call(not_after=not_after, verdict_ref=verdict_ref)
        try:
            sent = await send(self.deps, call, prepared)
        except IcsRefused as error:
            return await self._refused(prepared, fence, error)
        except OneBoxError:
            return _UNCLEAR
        if not sent.status.outcome.final:
            return _UNCLEAR
        return await settle(self.deps, prepared, sent, fence)

    async def _refused(self, prepared: Prepared, fence: int, error: IcsRefused) -> StepResult:
        """ICS took no intent in: once the key is fenced, that is proof that nothing moved."""
        try:
            state = await self.deps.ics.fence(prepared.key)
        except OneBoxError:
            return _UNCLEAR
        if state.outcome is not Outcome.NOT_EXECUTED:
            return _UNCLEAR
        rejected = IntentStatus(
            key=prepared.key, outcome=Outcome.REJECTED, error=_step_error(error)
        )
        return await settle(self.deps, prepared, Sent(rejected, 0, ""), fence)


def _step_error(error: OneBoxError) -> StepError:
    code = error.ics_code if isinstance(error, IcsRefused) else error.code
    return StepError(code=code or error.code, message=str(error))
