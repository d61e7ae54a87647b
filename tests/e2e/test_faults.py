"""Parts die and come back; no run is lost, no line told twice, nobody pays twice."""

import asyncio
import json
from collections import Counter
from functools import partial

import httpx
import pytest

from activities.ics_client import IcsClient
from cli.client import ApiError, OneBox
from cli.supervisor.supervisor import Supervisor
from onebox.digest import key_of
from onebox.models import RunState, StatusOut
from tests.chaos.kills import persistent
from tests.e2e.lifecycle import (
    answered,
    begun,
    done,
    ended,
    job_of,
    judged,
    question,
    ready,
    silent,
    staffed,
    waiting,
)

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
KILLED = ("api", "ics", "chain", "keeper", "temporal")
POST = "Post a 20 AGIALPHA job to tag 20 songs, due in 3 days"


async def told(http: httpx.AsyncClient, user: OneBox, run_id: str) -> list[dict[str, object]]:
    """Every line of a run, with its place."""
    answer = await http.get(
        f"/onebox/runs/{run_id}/lines",
        headers={"Authorization": f"Bearer {user.token}", "Accept": "application/x-ndjson"},
    )
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_killed_parts_come_back_and_the_run_ends_once(
    up: Supervisor, users: dict[str, OneBox], http: httpx.AsyncClient
) -> None:
    """Kill -9 of API and worker, of ICS and of the chain while the run waits: every line once."""
    operator = users["operator"]
    await staffed(users)
    run_id = await begun(operator, POST)
    found = await waiting(operator, run_id, "collect_submissions")
    for part in ("api", "ics", "chain"):
        up.kill(part)
        await asyncio.sleep(1)
        await answered(lambda: operator.status(run_id))
    await ready(http)
    await judged(users, job_of(found))
    end = await ended(operator, run_id)
    assert end.run.state is RunState.SUCCEEDED
    assert end.receipts is not None
    assert (end.receipts.escrow, end.receipts.held) == ("21.00", "0.00")
    await _each_line_once(up, http, operator, end.run.id, [s.id for s in end.steps])


async def _each_line_once(
    up: Supervisor, http: httpx.AsyncClient, user: OneBox, run_id: str, steps: list[str]
) -> None:
    """As many lines of each step as ICS has under its key, numbered without gap."""
    lines = await told(http, user, run_id)
    counts = Counter(str(line["step"]) for line in lines)
    for step in steps:
        numbers = [line["seq"] for line in lines if line["step"] == step]
        assert numbers == list(range(1, len(numbers) + 1))
    async with httpx.AsyncClient(trust_env=False) as direct:
        ics = IcsClient(up.endpoints.ics, up.stack.ics_token, direct)
        for step in steps:
            answer = await ics.status(key_of(run_id, step, 0))
            assert answer.outcome.final
            assert counts[step] == answer.lines, step


async def test_whichever_part_dies_as_money_is_sent_it_moves_once(
    up: Supervisor, users: dict[str, OneBox]
) -> None:
    """Five stakes ask; each is answered, and in the next moment another part is killed -9.

    One is then pending, sent, settling or settled, the others wait for their answers.
    """
    user = users["validator1"]
    runs = [await begun_unapproved(user) for _ in KILLED]
    asked = [await question(user, run_id) for run_id in runs]
    for part, each in zip(KILLED, asked, strict=True):
        await persistent(partial(user.decide, each, "approve"))
        up.kill(part)
    ends = [await approved(user, run_id) for run_id in runs]
    assert {end.run.state for end in ends} == {RunState.SUCCEEDED}
    txes = [tx for end in ends if end.receipts for tx in end.receipts.txes]
    assert len(txes) == len(set(txes)) >= len(runs)


async def approved(user: OneBox, run_id: str) -> StatusOut:
    """Its end: what was proved not to have moved is asked for anew, and gets its yes again."""
    while not (await persistent(partial(user.status, run_id, wait=1))).run.state.final:
        for asked in await persistent(user.confirmations):
            if asked.run_id == run_id:
                await persistent(partial(user.decide, asked, "approve"))
    return await persistent(partial(user.status, run_id))


async def begun_unapproved(user: OneBox) -> str:
    """A stake that asks before it moves its token."""
    plan = (await user.plan("Stake 1 AGIALPHA as a validator")).plan
    return (await user.execute(plan.plan_id, [])).run_id


async def test_a_plan_runs_once_however_often_it_is_executed(users: dict[str, OneBox]) -> None:
    """Twelve executes at once and one later: one run, one stake."""
    agent = users["agent"]
    plan = (await agent.plan("Stake 1 AGIALPHA as an agent")).plan
    asked = [agent.execute(plan.plan_id, ["deposit_stake"]) for _ in range(12)]
    runs = {answer.run_id for answer in await asyncio.gather(*asked)}
    (run_id,) = runs
    assert (await ended(agent, run_id)).run.state is RunState.SUCCEEDED
    assert (await agent.execute(plan.plan_id, [])).run_id == run_id


async def test_concurrent_plans_admit_exactly_what_the_day_has_room_for(
    users: dict[str, OneBox],
) -> None:
    """Three stakes of 40 on a day of 100: two run, the third is blocked with limit and actual."""
    user = users["validator3"]
    sentence = "Stake 40 AGIALPHA as a validator"
    plans = [(await user.plan(sentence)).plan.plan_id for _ in range(3)]
    asked = [user.execute(plan_id, ["deposit_stake"]) for plan_id in plans]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ApiError)]
    assert [error.code for error in refused] == ["BLOCKED"]
    (blocker,) = refused[0].problem["blockers"]
    assert (blocker["code"], blocker["limit"]) == ("BUDGET_DAILY_EXCEEDED", "100.00")
    for answer in answers:
        if not isinstance(answer, BaseException):
            assert (await ended(user, answer.run_id)).run.state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("ics", "ICS_UNAVAILABLE"),
        ("chain", "CHAIN_UNAVAILABLE"),
        ("temporal", "TEMPORAL_UNAVAILABLE"),
    ],
)
async def test_a_part_that_is_down_is_named_and_nothing_is_lost(
    up: Supervisor, users: dict[str, OneBox], http: httpx.AsyncClient, part: str, code: str
) -> None:
    """503 with Retry-After and the part's name; when it is back the same plan runs."""
    agent = users["agent"]
    plan = (await agent.plan("Stake 1 AGIALPHA as an agent")).plan
    body = {"plan_id": plan.plan_id, "approvals": ["deposit_stake"]}
    with silent(up, part):
        await asyncio.sleep(2.5)
        answer = await http.post(
            "/onebox/execute", json=body, headers={"Authorization": f"Bearer {agent.token}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (503, code), answer.text
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.json()["part"] == part
        assert (await agent.plan("Stake 2 AGIALPHA as an agent")).plan.steps
    await ready(http)
    run = await agent.execute(plan.plan_id, ["deposit_stake"])
    assert (await ended(agent, run.run_id)).run.state is RunState.SUCCEEDED


async def test_a_run_under_way_waits_for_ics_and_goes_on(
    up: Supervisor, users: dict[str, OneBox]
) -> None:
    """The step says which part it waits for; when ICS is back it runs, once."""
    agent = users["agent"]
    plan = (await agent.plan("Stake 3 AGIALPHA as an agent")).plan
    run = await agent.execute(plan.plan_id, [])
    up.kill("ics")
    asked = await question(agent, run.run_id)
    await agent.decide(asked, "approve")
    end = await ended(agent, run.run_id)
    assert end.run.state is RunState.SUCCEEDED
    assert [step.gen for step in end.steps] == [0]


async def test_without_a_worker_status_speaks_from_its_rows_and_says_so(
    users: dict[str, OneBox], api_without_worker: httpx.AsyncClient
) -> None:
    """An API whose queue nobody serves: the run is admitted, its status stale, never an error."""
    agent = users["agent"]
    alone = OneBox("agent", agent.token, api_without_worker)
    plan = (await alone.plan("Stake 4 AGIALPHA as an agent")).plan
    run = await alone.execute(plan.plan_id, ["deposit_stake"])
    found = await alone.status(run.run_id)
    assert found.stale
    assert found.run.state in {RunState.PENDING, RunState.RUNNING}
    assert not (await done(agent, "Stake 1 AGIALPHA as an agent")).stale
