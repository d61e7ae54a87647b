"""The half of a simulation that needs the chain: ICS shows what each step would do now.

Each dry run comes after the one before it, on the state that the chain would have then, so a
deposit counts for the application that follows it. A wait is one look: what the world has
already is proved, what will never come blocks, and what may still come is deferred with all
that needs it; those are dry-run again right before they are sent.
"""

from dataclasses import dataclass, field

from activities.ics_client import CallRules, DryRun, IcsRefused
from api.deps import Deps
from onebox.contract import Contract, Tool
from onebox.dag import ready, references, resolve
from onebox.errors import IcsUnavailable, InputUnresolved
from onebox.models import (
    Blocker,
    ChainCall,
    Effect,
    Json,
    Movement,
    OrchestrationPlan,
    Outcome,
    Step,
    StepError,
)
from onebox.promise import signer_of, simulated
from onebox.simulator import call_blocker

_UNSAID = StepError(code="UNKNOWN_REVERT", message="ICS gave no reason.")
_TOO_LONG, _FORGOTTEN = "AFTER_TOO_LONG", "AFTER_UNKNOWN"


@dataclass(frozen=True)
class ChainHalf:
    """What ICS proved, a call per step in plan order, what forbids the plan, and who gains."""

    calls: list[ChainCall]
    blockers: list[Blocker]
    movements: dict[str, list[Movement]]


async def dry_run(deps: Deps, plan: OrchestrationPlan) -> ChainHalf:
    """Dry-run a plan that has no pure blockers.

    Raises:
        IcsUnavailable, ChainUnavailable: what could be proved is not known.
    """
    rehearsal = _Rehearsal(deps, plan)
    for step in in_order_of_need(plan.steps):
        rehearsal.calls[step.id] = await rehearsal.call(step)
    calls = [rehearsal.calls[step.id] for step in plan.steps]
    return ChainHalf(calls, rehearsal.blockers, rehearsal.movements)


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
    """One dry run of one plan.

    `after` is the key of the last step's dry run, which stands on all before it; `foretold`
    names outputs that may come out differently, such as the number of a job.
    """

    deps: Deps
    plan: OrchestrationPlan
    after: str | None = None
    calls: dict[str, ChainCall] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    foretold: dict[str, set[str]] = field(default_factory=dict)
    movements: dict[str, list[Movement]] = field(default_factory=dict)
    blockers: list[Blocker] = field(default_factory=list)

    async def call(self, step: Step) -> ChainCall:
        tool = _tool(self.deps.contract, step)
        reason = self._reason_to_defer(step, tool)
        if reason is not None:
            return _answer(step, "deferred", reason=reason)
        if any(self.calls[need].status in {"error", "skipped"} for need in step.needs):
            return _answer(step, "skipped", reason="A step before it would fail.")
        try:
            return await self._shown(step, tool, resolve(step.params, self.outputs))
        except InputUnresolved as error:
            return _answer(step, "deferred", reason=error.message)
        except IcsRefused as error:
            return self._refused(step, error)

    def _reason_to_defer(self, step: Step, tool: Tool) -> str | None:
        for need in step.needs:
            if self.calls[need].status == "deferred":
                return f"It comes after {need}, whose outcome is not known yet."
        if tool.effect is Effect.WAIT and self._stands_on_foretold(step):
            return "It waits for the world to act on what this plan has yet to make."
        return None

    async def _shown(self, step: Step, tool: Tool, params: Json) -> ChainCall:
        meta = self.plan.metadata.for_ics()
        shown = await self.deps.ics.dry_run(tool.intent, params, meta, self._rules(), self.after)
        status, lines = shown.status, _texts(shown)
        if status.outcome is not Outcome.DRY_RUN:
            return self._fails(step, status.error or _UNSAID, lines)
        if status.waiting_for is not None:
            reason = f"It waits for {status.waiting_for}."
            return _answer(step, "deferred", reason=reason, lines=lines)
        self._keep(step, tool, shown)
        return _answer(step, "ok", gas_estimate=status.gas, fee_wei=status.fee_wei, lines=lines)

    def _rules(self) -> CallRules:
        """Those of today: what is admitted now is admitted under them."""
        book, plan = self.deps.rulebook, self.plan
        tenant, most = plan.policies.tenant_id, plan.budget.max
        return CallRules(tenant, book.policy_digest, book.fees_digest, most)

    def _keep(self, step: Step, tool: Tool, shown: DryRun) -> None:
        """What the steps after it stand on."""
        status = shown.status
        self.after = status.key
        self.outputs[step.id] = outputs = status.outputs or {}
        all_of_it = self._stands_on_foretold(step)
        self.foretold[step.id] = set(outputs) if all_of_it else set(status.predicted)
        receipt = status.receipt
        if tool.effect is Effect.MONEY and receipt and receipt.transfers is not None:
            self.movements[step.id] = simulated(step.id, receipt, signer_of(self.plan))

    def _stands_on_foretold(self, step: Step) -> bool:
        return any(
            ref.path.split(".")[0] in self.foretold.get(ref.step, set())
            for ref in references(step.params)
        )

    def _refused(self, step: Step, error: IcsRefused) -> ChainCall:
        if error.ics_code == _FORGOTTEN:
            raise IcsUnavailable("ICS was started again meanwhile") from error
        if error.ics_code == _TOO_LONG:
            return _answer(
                step, "deferred", reason="More steps come before it than one block holds."
            )
        return self._fails(step, StepError(code=error.ics_code, message=error.message), [])

    def _fails(self, step: Step, error: StepError, lines: list[str]) -> ChainCall:
        self.blockers.append(call_blocker(self.plan, step.id, error))
        return _answer(step, "error", error=error.code, reason=error.message, lines=lines)


def _tool(contract: Contract, step: Step) -> Tool:
    """The simulator has blocked every plan with a step of another tool."""
    return contract.tools[step.tool or ""]


def _answer(step: Step, status: str, **rest: object) -> ChainCall:
    facts = {"step_id": step.id, "tool": step.tool or "", "status": status, **rest}
    return ChainCall.model_validate(facts)


def _texts(shown: DryRun) -> list[str]:
    return [line.decode(errors="backslashreplace") for line in shown.lines]
