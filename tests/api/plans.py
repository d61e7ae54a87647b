"""Plans as the server makes them, written out by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from api.deps import Deps
from onebox.digest import plan_digest
from onebox.holds import holds_of_steps, total_of
from onebox.models import Budget, Json, Meta, OrchestrationPlan, PlanBasis, Step, StepKind
from onebox.money import format_amount
from store import plans
from tests.api.world import World

TRACE = "11111111-2222-4333-8444-555555555555"
WORDS = "Translate a page"
SPEC = {"title": WORDS, "description": "From French to English"}


def ref(step: str, path: str) -> Json:
    """A reference to an output."""
    return {"$from": step, "path": path}


def _step(step_id: str, kind: StepKind, tool: str, params: Json, *needs: str) -> Step:
    return Step(id=step_id, name=step_id, kind=kind, tool=tool, params=params, needs=list(needs))


def post_job_steps(reward: str = "50.00", days: Any = 7) -> list[Step]:
    """The six steps of DESIGN.md section 3."""
    job = {
        "rewardAGIA": reward,
        "deadline": days,
        "title": WORDS,
        "uri": ref("pin_spec", "uri"),
        "specHash": ref("pin_spec", "specHash"),
    }
    job_id = ref("post_job", "jobId")
    kind = StepKind
    return [
        _step("moderation_gate", kind.VALIDATE, "safety.moderation", SPEC),
        _step("pin_spec", kind.PIN, "ipfs.pin", {"spec": SPEC}, "moderation_gate"),
        _step("post_job", kind.CHAIN, "job.post", {"job": job}, "pin_spec"),
        _step("collect_submissions", kind.FETCH, "job.collect", {"jobId": job_id}, "post_job"),
        _step(
            "validator_review",
            kind.VALIDATE,
            "validator.quorum",
            {"jobId": job_id},
            "collect_submissions",
        ),
        _step(
            "finalize_payout",
            kind.FINALIZE,
            "job.finalize",
            {"jobId": job_id, "success": ref("validator_review", "success")},
            "validator_review",
        ),
    ]


def plan_of(world: World, steps: list[Step] | None = None, **changes: Any) -> OrchestrationPlan:
    """A plan that the server would call its own, of the operator of acme."""
    deps, steps = world.deps, post_job_steps() if steps is None else steps
    rules = deps.rulebook.for_tenant("acme")
    most = total_of(holds_of_steps(steps, deps.contract, rules.fees))
    draft = OrchestrationPlan(
        plan_id="0" * 64,
        nonce=uuid4().hex,
        created_at=_time(world, 0),
        expires_at=_time(world, 86_400),
        steps=steps,
        budget=Budget(max=format_amount(most), cap=format_amount(rules.daily_max)),
        policies=rules.policies(),
        metadata=Meta.model_validate({"userId": "operator", "traceId": TRACE}),
        basis=PlanBasis(
            tools={s.tool: deps.contract.tools[s.tool].digest for s in steps if s.tool},
            rules=rules.digest,
            chain=deps.deployment.identity,
        ),
    )
    return hashed(draft.model_copy(update=changes))


def hashed(plan: OrchestrationPlan) -> OrchestrationPlan:
    """The plan under the id that its content has."""
    return plan.model_copy(update={"plan_id": plan_digest(plan)})


def body_of(plan: OrchestrationPlan) -> Json:
    """The body `{plan}`."""
    return {"plan": plan.model_dump(mode="json", by_alias=True)}


async def store_plan(deps: Deps, plan: OrchestrationPlan) -> OrchestrationPlan:
    """As if POST /onebox/plan had made it."""
    async with deps.db.write() as session:
        await plans.save(
            session, plan, tenant="acme", user_id="operator", input_text=None, now=deps.clock()
        )
    return plan


async def stored(world: World, steps: list[Step] | None = None) -> OrchestrationPlan:
    """A stored plan."""
    return await store_plan(world.deps, plan_of(world, steps))


def _time(world: World, seconds: float) -> str:
    moment = datetime.fromtimestamp(world.clock.now, UTC) + timedelta(seconds=seconds)
    return moment.isoformat().replace("+00:00", "Z")
