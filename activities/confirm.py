"""Consent in two phases: a step shows what it would do, a person says yes or no to just that."""

import hashlib

from activities.calls import Prepared, transcript
from activities.deps import ActivityDeps
from activities.ics_client import DryRun
from activities.settle import fail
from onebox.models import Outcome, StepError, StepState
from onebox.money import format_amount
from onebox.run import Phase, StepEnd, StepResult, StepTask
from store import decisions, movements, steps
from store.tables import DecisionRow


async def ask(deps: ActivityDeps, prepared: Prepared) -> StepResult:
    """Dry-run the step, store its preview and its question; a dry run that fails ends it."""
    earlier = await _decision(deps, prepared.task)
    if earlier is not None:
        return _asked(earlier, deps.clock())
    meta, rules = prepared.task.meta.for_ics(), prepared.admitted.rules
    shown = await deps.ics.dry_run(prepared.tool.intent, prepared.params, meta, rules)
    script = await transcript(deps, prepared.task, Phase.PREVIEW)
    await script.keep(shown.as_sent())
    if shown.status.outcome is not Outcome.DRY_RUN:
        return await fail(deps, prepared.task, _why(shown))
    return _asked(await _store_question(deps, prepared, shown), deps.clock())


async def verdict_of(deps: ActivityDeps, prepared: Prepared) -> str | StepResult:
    """The reference of the yes to this step, or what became of its question."""
    task = prepared.task
    if task.approved:
        return f"approval:{task.plan_id}:{task.step.id}"
    decision = await _decision(deps, task, expire=True)
    if decision is None or decision.digest != prepared.digest:
        return await fail(deps, task, StepError(code="CONFIRMATION_REJECTED", message=_OTHER))
    if decision.state == "pending":
        return _asked(decision, deps.clock())
    if decision.state == "approved":
        return f"confirmation:{decision.id}"
    return await fail(deps, task, _no(decision))


_OTHER = "The answer was given to something else than what would be sent now."


async def _decision(
    deps: ActivityDeps, task: StepTask, *, expire: bool = False
) -> DecisionRow | None:
    """The question of this generation; `expire` lets silence become a no when it is due."""
    async with deps.db.write() as session:
        if expire:
            await decisions.expire_due(session, deps.clock())
        row = await decisions.of_step(session, task.run_id, task.step.id, task.gen)
        if row is not None and row.state != "pending":
            await decisions.mark_heard(session, row.id)
        return row


async def _store_question(deps: ActivityDeps, prepared: Prepared, shown: DryRun) -> DecisionRow:
    task, now = prepared.task, deps.clock()
    async with deps.db.write() as session:
        movement = await movements.load(session, task.run_id, task.step.id, task.gen)
        amount = format_amount(int(movement.amount))
        row = await decisions.ask(
            session,
            id=confirmation_id(task),
            run_id=task.run_id,
            step_id=task.step.id,
            gen=task.gen,
            tenant=task.tenant,
            plan_id=task.plan_id,
            tool=prepared.tool.tool,
            digest=prepared.digest,
            question=_question(task, int(movement.amount)),
            preview=[line.decode(errors="backslashreplace") for line in shown.lines],
            amount=amount,
            payee=_payee(deps, prepared),
            now=now,
            expires_at=now + deps.confirmation_ttl,
        )
        await steps.set_state(
            session, task.run_id, task.step.id, StepState.AWAITING_CONFIRMATION, row.id
        )
        return row


def _question(task: StepTask, units: int) -> str:
    does = f"move {format_amount(units)} AGIALPHA" if units else "send its transaction"
    return f"{task.step.name}: {does}?"


def confirmation_id(task: StepTask) -> str:
    """32 hex digits, the same for every attempt to ask this question."""
    text = f"onebox.confirmation:{task.run_id}:{task.step.id}:{task.gen}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _payee(deps: ActivityDeps, prepared: Prepared) -> str | None:
    """Where the tokens go: escrows and stakes are kept by the stake manager."""
    return deps.deployment.addresses.stake_manager if prepared.tool.holds else None


def _asked(row: DecisionRow, now: float) -> StepResult:
    """A question that was answered before it was asked again is looked at again at once."""
    until = row.expires_at if row.state == "pending" else now
    return StepResult(end=StepEnd.ASKED, state=StepState.AWAITING_CONFIRMATION, ask_until=until)


def _why(shown: DryRun) -> StepError:
    return shown.status.error or StepError(
        code="UNKNOWN_REVERT", message=f"The dry run ended {shown.status.outcome.value}."
    )


def _no(decision: DecisionRow) -> StepError:
    if decision.state == "expired":
        return StepError(code="CONFIRMATION_EXPIRED", message="Nobody answered in time.")
    said = f": {decision.comment}" if decision.comment else "."
    return StepError(
        code="CONFIRMATION_REJECTED", message=f"{decision.decided_by} rejected it{said}"
    )
