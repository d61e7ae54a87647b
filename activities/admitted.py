"""What a run was admitted with: its rules, and the plan exactly as it was hashed."""

from dataclasses import dataclass

from pydantic import ValidationError

from activities.deps import ActivityDeps
from activities.ics_client import CallRules
from onebox.contract import Tool
from onebox.errors import PlanDigestMismatch
from onebox.models import Effect, OrchestrationPlan
from onebox.plan_check import check_digest
from onebox.run import StepTask
from store import plans
from store.steps import RunRules


@dataclass(frozen=True)
class Admitted:
    """The rules that ICS is told; the stored plan, where a step moves money."""

    rules: CallRules
    plan: OrchestrationPlan | None

    def check(self, task: StepTask) -> None:
        """Refuse to send what is not a step of the plan that was admitted.

        Raises:
            PlanDigestMismatch: the stored plan, or the task that was made of it, was altered.
        """
        plan = self.plan
        if plan is None:
            return
        check_digest(plan, task.plan_id)
        if task.meta != plan.metadata or task.step not in plan.steps:
            raise PlanDigestMismatch("The step or its meta is not that of the stored plan.")


async def admitted(deps: ActivityDeps, task: StepTask, tool: Tool, rules: RunRules) -> Admitted:
    """As the rows of the run say, whatever `config/` says today.

    `rules` are those of the run's row: a step that moves nothing needs no more.

    Raises:
        PlanDigestMismatch: the stored plan cannot be read any more.
    """
    if tool.effect is not Effect.MONEY:
        return Admitted(_rules(deps, rules), None)
    async with deps.db.read() as session:
        row = await plans.load_row(session, task.plan_id, rules.tenant)
    plan = _parsed(row.body)
    return Admitted(_rules(deps, rules, plan), plan)


def _rules(deps: ActivityDeps, run: RunRules, plan: OrchestrationPlan | None = None) -> CallRules:
    today = deps.handshake.rulebook
    return CallRules(
        tenant=run.tenant,
        policy_digest=run.policy_digest or today.policy_digest,
        fees_digest=run.fees_digest or today.fees_digest,
        plan_max=None if plan is None else plan.budget.max,
    )


def _parsed(body: bytes) -> OrchestrationPlan:
    try:
        return OrchestrationPlan.model_validate_json(body)
    except ValidationError as error:
        raise PlanDigestMismatch("The stored plan cannot be read any more.") from error
