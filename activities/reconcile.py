"""A step was sent and its end is unclear: ask ICS by key, then fence. Never send again here."""

from dataclasses import dataclass

from temporalio import activity

from activities.beat import beating
from activities.calls import BadParams, Prepared, Sent, prepare, send
from activities.deps import ActivityDeps
from activities.postpone import OUTAGE_SECONDS, postpone
from activities.settle import begun_before, settle
from onebox.errors import OneBoxError
from onebox.models import IntentStatus, Outcome, StepError, StepState
from onebox.run import StepEnd, StepResult, StepTask
from store import commands, movements
from store.steps import RunRules
from store.tables import MovementRow

# Said in status for as long as nobody can tell.
UNKNOWN = "sent, outcome unknown; do not repeat by hand"


@dataclass
class Reconcile:
    """The activity that ends an unclear movement by proof, or by a person's resolution."""

    deps: ActivityDeps

    @activity.defn(name="reconcile")
    async def reconcile(self, task: StepTask) -> StepResult:
        """Settle the step from ICS's own word about its key.

        A movement that is still held was never sent: the engine runs the step again.
        """
        async with beating():
            begun = await begun_before(self.deps, task)
            return begun.earlier or await self._reconcile(task, begun.rules)

    async def _reconcile(self, task: StepTask, rules: RunRules) -> StepResult:
        async with self.deps.db.read() as session:
            movement = await movements.load(session, task.run_id, task.step.id, task.gen)
        if movement.state in {"held", "not_executed", "released"}:
            return StepResult(end=StepEnd.NOT_EXECUTED, state=StepState.RUNNING)
        try:
            prepared = await prepare(self.deps, task, rules)
            sent = await self._proof(prepared, movement)
        except (BadParams, OneBoxError) as error:
            raise await self._unclear(task, movement, str(error)) from error
        if not sent.status.outcome.final:
            raise await self._unclear(task, movement, f"ICS says {sent.status.outcome.value}")
        return await settle(self.deps, prepared, sent, movement.fence)

    async def _proof(self, prepared: Prepared, movement: MovementRow) -> Sent:
        """A person's resolution where there is one; else what ICS says of the key.

        What ICS never saw is fenced; what is still under way is followed.
        """
        resolved = await self._resolution(prepared)
        if resolved is not None:
            return Sent(resolved, 0, "")
        status = await self.deps.ics.status(prepared.key)
        if status.outcome is Outcome.UNKNOWN_KEY:
            return Sent(await self.deps.ics.fence(prepared.key), 0, "")
        if status.outcome is Outcome.NOT_EXECUTED:
            return Sent(status, 0, "")
        call = prepared.call(
            not_after=int(movement.not_after or 0), verdict_ref=movement.verdict_ref
        )
        return await send(self.deps, call, prepared)

    async def _resolution(self, prepared: Prepared) -> IntentStatus | None:
        task = prepared.task
        async with self.deps.db.write() as session:
            row = await commands.resolution_of(session, task.run_id, task.step.id, task.gen)
        if row is None:
            return None
        error = StepError(code=row.verdict.upper(), message=f"Resolved by {row.actor}.")
        outcome = Outcome(row.verdict)
        return IntentStatus(
            key=prepared.key, outcome=outcome, error=None if outcome is Outcome.EXECUTED else error
        )

    async def _unclear(self, task: StepTask, movement: MovementRow, why: str) -> Exception:
        async with self.deps.db.write() as session:
            await movements.settle(
                session,
                task.run_id,
                task.step.id,
                task.gen,
                movement.fence,
                outcome="unknown",
                now=self.deps.clock(),
            )
        seconds = _next_delay(self.deps.clock() - (movement.first_sent_at or 0.0))
        waiting_for = f"{UNKNOWN} ({why})"
        return await postpone(self.deps, task, waiting_for, seconds, StepState.UNKNOWN)


def _next_delay(age: float) -> float:
    """Seconds until the next question: soon at first, never more than a minute apart."""
    return min(max(OUTAGE_SECONDS, age / 4), 60.0)
