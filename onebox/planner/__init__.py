"""From a sentence to a typed plan, by rules: everything else is an argument."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from onebox.contract import Contract
from onebox.digest import plan_digest
from onebox.holds import holds_of_steps, total_of
from onebox.models import (
    Attachment,
    Budget,
    ChainIdentity,
    Json,
    Meta,
    OrchestrationPlan,
    PlanBasis,
    PlanOut,
    Role,
    SimOut,
    Step,
)
from onebox.money import format_amount
from onebox.planner.answer import answer, ics_form
from onebox.planner.intents import Understood, understand
from onebox.planner.normalise import read
from onebox.planner.proposal import Proposal, weighed
from onebox.planner.revision import Revision, revised
from onebox.planner.steps import steps_of
from onebox.planner.stored import attachments_of
from onebox.policy import Rules

__all__ = ["Ask", "Proposal", "Revision", "Simulate", "make_plan"]

_NO_PLAN = "0" * 64


@dataclass(frozen=True)
class Ask:
    """What a caller asks; `role` and `ens` are those of the caller's token.

    With `revises` the stored plan is what is asked for, and `input_text` is not read. A
    `proposal` is what a language model makes of the sentence; `notes` are warnings about it.
    """

    input_text: str
    meta: Meta
    attachments: list[Attachment] = field(default_factory=list)
    role: Role = Role.OPERATOR
    ens: str | None = None
    revises: Revision | None = None
    proposal: Proposal | None = None
    notes: tuple[str, ...] = ()


class Simulate(Protocol):
    """The pure half of the simulation: `onebox.simulator.simulate`."""

    def __call__(
        self,
        plan: OrchestrationPlan,
        rules: Rules,
        contract: Contract,
        *,
        role: Role,
        ens: str | None,
    ) -> SimOut:
        """Every blocker of the plan at once."""
        ...


def make_plan(  # noqa: PLR0913  all that a plan depends on is in the signature
    ask: Ask,
    *,
    rules: Rules,
    contract: Contract,
    chain: ChainIdentity,
    now: datetime,
    created_at: datetime,
    nonce: str,
    plan_ttl: timedelta,
    simulate: Simulate,
) -> PlanOut:
    """Plan a sentence.

    Args:
        ask: the sentence and who says it.
        rules: the effective rules of the caller's tenant.
        contract: the tools.
        chain: the chain that the plan is meant for.
        now: resolves words like "Friday" and nothing else.
        created_at: the server's clock.
        nonce: makes two plans of one sentence different.
        plan_ttl: how long the plan may be executed.
        simulate: `onebox.simulator.simulate`; planner and simulator meet only here.

    Raises:
        InputTextRequired: the sentence is blank.
        InvalidReward: a job's reward is zero or negative.
        DeadlineInvalid: a job's deadline is zero or past.
        ValidationFailed: the sentence is too long, or an answer does not fit the plan.
    """
    told, changes = _understood(ask, now)
    files = ask.attachments or (attachments_of(ask.revises.plan) if ask.revises else [])
    steps = steps_of(told.intents, files, contract, ask.ens)
    draft = OrchestrationPlan(
        plan_id=_NO_PLAN,
        nonce=nonce,
        revises=ask.revises.plan.plan_id if ask.revises else None,
        created_at=_rfc3339(created_at),
        expires_at=_rfc3339(created_at + plan_ttl),
        steps=steps,
        budget=_budget(steps, contract, rules),
        policies=rules.policies(),
        metadata=ask.meta,
        basis=_basis(steps, contract, rules, chain),
    )
    plan = draft.model_copy(update={"plan_id": plan_digest(draft)})
    simulation = simulate(plan, rules, contract, role=ask.role, ens=ask.ens) if steps else None
    form = ics_form(told.named, plan, contract)
    out = answer(told, files, plan, simulation, form, rules.fees)
    text = ask.revises.whole_text if ask.revises else ask.input_text
    return out.model_copy(update={"changes": changes, "input_text": text})


def _understood(ask: Ask, now: datetime) -> tuple[Understood, list[Json]]:
    if ask.revises is not None:
        return revised(ask.revises, now)
    reading = read(ask.input_text)
    told = understand(reading, now)
    if ask.proposal is not None:
        told = weighed(told, ask.proposal, reading, now)
    return replace(told, warnings=(*told.warnings, *ask.notes)), []


def _budget(steps: list[Step], contract: Contract, rules: Rules) -> Budget:
    total = total_of(holds_of_steps(steps, contract, rules.fees))
    return Budget(max=format_amount(total), cap=format_amount(rules.daily_max))


def _basis(steps: list[Step], contract: Contract, rules: Rules, chain: ChainIdentity) -> PlanBasis:
    tools = sorted({step.tool for step in steps if step.tool})
    digests = {tool: contract.tools[tool].digest for tool in tools}
    return PlanBasis(tools=digests, rules=rules.digest, chain=chain)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
