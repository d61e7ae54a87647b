"""No bad form of an amount is taken as money, in any field that holds one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from sqlalchemy import func, select

from onebox.digest import sha256_hex
from onebox.models import Json, OrchestrationPlan, Step, StepKind
from store.tables import RunRow
from tests.api.plans import body_of, plan_of, post_job_steps
from tests.api.world import World
from tests.hostile.amounts import BAD, TEXTS


def stake(tool: str, amount: Any) -> list[Step]:
    """One step that moves a stake."""
    params = {"stake": {"amountAGIA": amount, "role": "agent"}}
    return [Step(id="stake", name="stake", kind=StepKind.CHAIN, tool=tool, params=params)]


def honest(world: World, tool: str) -> OrchestrationPlan:
    """A plan with this tool that simulate takes."""
    return plan_of(world, post_job_steps() if tool == "job.post" else stake(tool, "20.00"))


def set_in_params(*path: str) -> Callable[[Json, Any], None]:
    """Puts a value at this path of the params of the step that moves money."""

    def put(plan: Json, value: Any) -> None:
        place = plan["steps"][2 if len(plan["steps"]) > 1 else 0]["params"]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        plan["budget"]["max"] = "0.00"  # what such an amount adds up to: only it may be wrong

    return put


def set_in_budget(name: str) -> Callable[[Json, Any], None]:
    """Puts a value into the plan's budget."""

    def put(plan: Json, value: Any) -> None:
        plan["budget"][name] = value

    return put


GRAMMAR = r"(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?"
FIELDS: dict[str, tuple[str, Callable[[Json, Any], None]]] = {
    "reward of a job": ("job.post", set_in_params("job", "rewardAGIA")),
    "stake": ("stake.deposit", set_in_params("stake", "amountAGIA")),
    "stake withdrawn": ("stake.withdraw", set_in_params("stake", "amountAGIA")),
    "budget of a plan": ("job.post", set_in_budget("max")),
    "budget of a stake": ("stake.deposit", set_in_budget("max")),
    "cap of a plan": ("job.post", set_in_budget("cap")),
}


def rehashed(plan: Json) -> Json:
    """The plan under the digest of what it now says, as far as it has one."""
    said = {name: value for name, value in plan.items() if name != "plan_id"}
    try:
        return {**plan, "plan_id": sha256_hex(rfc8785.dumps(said))}
    except rfc8785.CanonicalizationError:
        return plan


# Plans that simulate keeps, to teach what is wrong with them; the others have no id to execute.
RUNNABLE = {"reward of a job", "stake"}
# What may be said of a plan whose amount is none: of its shape, its money, or its tool.
CODES = {"VALIDATION_ERROR", "BODY_INVALID", "PLAN_INVALID", "PARAM_INVALID", "FIELDS_MISSING"}
CODES |= {"BUDGET_REQUIRED"}


def names_the_amount(problem: Json) -> bool:
    """True when the refusal is about the amount, and about nothing that hides it."""
    codes = {problem["code"], *(one["code"] for one in problem.get("blockers", []))}
    return bool(codes & CODES)


def test_the_list_is_long_enough() -> None:
    """At least two hundred forms, none twice."""
    assert len(BAD) >= 200
    assert len(set(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize("tool", ["job.post", "stake.deposit"])
async def test_the_honest_form_is_taken(world: World, tool: str) -> None:
    """The plans below fail for their amounts and for nothing else."""
    answer = await world.post("/simulate", body_of(honest(world, tool)))
    assert answer.status_code == 200


@pytest.mark.parametrize("field", FIELDS)
async def test_no_bad_amount_is_taken(world: World, field: str) -> None:
    """Refused for the amount at simulate, and at execute; ICS is never asked, no run begins."""
    tool, put = FIELDS[field]
    paths = ("/simulate", "/execute") if field in RUNNABLE else ("/simulate",)
    taken: list[tuple[str, str, object]] = []
    for bad in BAD:
        body = body_of(honest(world, tool))
        put(body["plan"], bad)
        body["plan"] = rehashed(body["plan"])
        for path in paths:
            answer = await world.post(path, body)
            if not 400 <= answer.status_code < 500 or not answer.json()["code"]:
                taken.append((path, str(bad)[:40], answer.status_code))
            elif path == "/simulate" and not names_the_amount(answer.json()):
                taken.append((path, str(bad)[:40], answer.text[:200]))
    assert taken == []
    assert not any(
        asked["intent"] in {"create_job", "stake", "withdraw"} for asked in world.ics.asked
    )
    async with world.deps.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(RunRow)) == 0


SENTENCES = ["Post a job for {} AGIALPHA, deadline 7 days", "Stake {} AGIALPHA as agent"]
# No reader of words may find another number in these than the one that was meant.
NO_NUMBERS = ["1e-3", "1e+3", "1E+999999", "1e1.5", "5e-324", "1^3", "1x10^3", "1..5", ".5"]
NO_NUMBERS += ["1;5", "1|2", "1&2", "1//2", "--1", "+-1"]


@pytest.mark.parametrize("words", SENTENCES)
async def test_no_sentence_makes_a_bad_amount_into_money(world: World, words: str) -> None:
    """Whatever the planner reads: no fault, and an amount that is none blocks the plan."""
    wrong: list[tuple[str, object]] = []
    for bad in TEXTS:
        answer = await world.post("/plan", {"input_text": words.format(bad)})
        if answer.status_code >= 500:
            wrong.append((bad, answer.status_code))
        for amount in amounts_in(answer.json()):
            simulated = await world.post("/simulate", {"plan_id": answer.json()["plan"]["plan_id"]})
            if re.fullmatch(GRAMMAR, amount) is None and simulated.status_code != 422:
                wrong.append((bad, amount))
    assert wrong == []


async def test_no_sentence_is_misread(world: World) -> None:
    """What is no amount stays unsaid: the plan asks for it."""
    misread: dict[str, list[str]] = {}
    for bad in NO_NUMBERS:
        answer = await world.post("/plan", {"input_text": SENTENCES[1].format(bad)})
        if found := amounts_in(answer.json()):
            misread[bad] = found
    assert misread == {}


def amounts_in(answer: Json) -> list[str]:
    """The rewards and stakes of the plan in an answer, if there is one."""
    steps = answer.get("plan", {}).get("steps", [])
    found = [
        step["params"].get(part, {}).get(name)
        for step in steps
        for part, name in (("job", "rewardAGIA"), ("stake", "amountAGIA"))
    ]
    return [amount for amount in found if amount is not None]
