"""The half of a simulation that needs the chain: ICS shows what each step would do now.

Only what can be known now is asked: a step is dry-run when every step before it is pure or
idempotent and its own dry run went well; after a wait or a transaction the world is another
one, so later steps are deferred and dry-run again right before they are sent.
"""

from dataclasses import dataclass, field

from activities.ics_client import CallRules, DryRun, IcsRefused
from api.deps import Deps
from onebox.contract import Contract, Tool
from onebox.dag import ready, resolve
from onebox.errors import ChainUnavailable, InputUnresolved
from onebox.models import (
    Blocker,
    ChainCall,
    Effect,
    Json,
    OrchestrationPlan,
    Outcome,
    Step,
    StepError,
)
from onebox.simulator import call_blocker

_REPEATABLE = {Effect.PURE, Effect.IDEMPOTENT}
_UNSAID = StepError(code="UNKNOWN_REVERT", message="ICS gave no reason.")


@dataclass(frozen=True)
class ChainHalf:
    """What ICS proved, a call per step in plan order, and what forbids the plan."""

    calls: list[ChainCall]
    blockers: list[Blocker]


async def dry_run(deps: Deps, plan: OrchestrationPlan) -> ChainHalf:
    """Dry-run a plan that has no pure blockers.

    Raises:
        IcsUnavailable, ChainUnavailable: what could be proved is not known.
    """
    rehearsal = _Rehearsal(deps, plan)
    for step in in_order_of_need(plan.steps):
        rehearsal.calls[step.id] = await rehearsal.call(step)
    calls = [rehearsal.calls[step.id] for step in plan.steps]
    return ChainHalf(calls, rehearsal.blockers)


def in_order_of_need(steps: list[Step]) -> list[Step]:
    """Each step after all that it needs."""
    done: set[str] = set()
    ordered: list[Step] = []
    while batch := ready(steps, done=done):
        ordered += batch
        done |= {step.id for step in batch}
    return ordered


@dataclass
class _Rehearsal:
    """One dry run of one plan. `outputs` are of steps whose effect a dry run can show whole."""

    deps: Deps
    plan: OrchestrationPlan
    calls: dict[str, ChainCall] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    blockers: list[Blocker] = field(default_factory=list)

    async def call(self, step: Step) -> ChainCall:
        tool = _tool(self.deps.contract, step)
        reason = self._reason_to_wait(step, tool)
        if reason is not None:
            return _answer(step, "deferred", reason=reason)
        if any(self.calls[need].status in {"error", "skipped"} for need in step.needs):
            return _answer(step, "skipped", reason="A step before it would fail.")
        try:
            return await self._shown(step, tool, resolve(step.params, self.outputs))
        except InputUnresolved as error:
            return _answer(step, "deferred", reason=error.message)
        except IcsRefused as error:
            return self._fails(step, StepError(code=error.ics_code, message=error.message), [])

    def _reason_to_wait(self, step: Step, tool: Tool) -> str | None:
        if tool.effect is Effect.WAIT:
            return "It waits for the world, which a dry run cannot show."
        for need in step.needs:
            call = self.calls[need]
            if call.status == "deferred" or (call.status == "ok" and need not in self.outputs):
                return f"It comes after {need}, which changes what it will meet."
        return None

    async def _shown(self, step: Step, tool: Tool, params: Json) -> ChainCall:
        meta = self.plan.metadata.for_ics()
        shown = await self.deps.ics.dry_run(tool.intent, params, meta, self._rules())
        lines = _texts(shown)
        if shown.status.outcome is not Outcome.DRY_RUN:
            return self._fails(step, _reason(shown), lines)
        if tool.effect in _REPEATABLE:
            self.outputs[step.id] = shown.status.outputs or {}
        status = shown.status
        return _answer(step, "ok", gas_estimate=status.gas, fee_wei=status.fee_wei, lines=lines)

    def _rules(self) -> CallRules:
        """Those of today: what is admitted now is admitted under them."""
        book, plan = self.deps.rulebook, self.plan
        tenant, most = plan.policies.tenant_id, plan.budget.max
        return CallRules(tenant, book.policy_digest, book.fees_digest, most)

    def _fails(self, step: Step, error: StepError, lines: list[str]) -> ChainCall:
        self.blockers.append(call_blocker(self.plan, step.id, error))
        return _answer(step, "error", error=error.code, reason=error.message, lines=lines)


def _tool(contract: Contract, step: Step) -> Tool:
    """The simulator has blocked every plan with a step of another tool."""
    return contract.tools[step.tool or ""]


def _answer(step: Step, status: str, **rest: object) -> ChainCall:
    facts = {"step_id": step.id, "tool": step.tool or "", "status": status, **rest}
    return ChainCall.model_validate(facts)


def _reason(shown: DryRun) -> StepError:
    """Why the step would fail; that the chain is away says nothing about the step."""
    error = shown.status.error or _UNSAID
    if error.code == ChainUnavailable.code:
        raise ChainUnavailable(error.message)
    return error


def _texts(shown: DryRun) -> list[str]:
    return [line.decode(errors="backslashreplace") for line in shown.lines]
