"""Two API processes and two workers on one PostgreSQL, with the real Temporal, chain and ICS."""

import asyncio

import pytest

from cli.client import ApiError, OneBox
from cli.supervisor.supervisor import Supervisor
from onebox.models import RunState, StatusOut
from store import movements
from store.database import Database
from tests.e2e.lifecycle import ended, question, silent
from tests.e2e.shared import Shared
from workflows.client import connect, workflow_id

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(240),
    pytest.mark.store("postgresql"),
]
STAKE = "Stake 3 AGIALPHA as an agent"
MOST_RUNS = 8


async def test_a_run_is_one_run_through_every_process_though_a_worker_dies(
    up: Supervisor, shared: Shared
) -> None:
    """Posted to one API, answered on the other, its worker killed -9 once the stake was sent."""
    one, two = shared.user("agent", 0), shared.user("agent", 1)
    client, runs, killed = await connect(up.endpoints.temporal, "onebox"), 0, None
    while killed is None:
        runs += 1
        plan = (await one.plan(STAKE)).plan
        run_id = (await one.execute(plan.plan_id, [])).run_id
        assert (await two.execute(plan.plan_id, [])).run_id == run_id
        await two.decide(await question(two, run_id), "approve")
        handle = client.get_workflow_handle(workflow_id(run_id))
        if await _sent(shared.db, run_id):
            with silent(up, "ics"):
                killed = shared.parts.kill_worker_of((await handle.describe()).raw_description)
        assert killed or runs < MOST_RUNS, (
            "each stake was settled before its worker could be killed"
        )
    found = await _approved(two, run_id)
    assert found.run.state is RunState.SUCCEEDED
    assert found == await one.status(run_id)
    async with shared.db.read() as session:
        sums = [row.bucket for row in await movements.of_run(session, run_id)]
    # Where the request never reached ICS, that was proved and it was asked for anew.
    assert sums in (["settled"], ["released", "settled"])
    assert shared.parts.workers[killed].ended
    assert await shared.parts.metric("run_success_total") == [runs, runs]
    assert await shared.parts.metric("run_fail_total") == [0.0, 0.0]


async def test_two_apis_admit_together_exactly_what_the_day_has_room_for(shared: Shared) -> None:
    """Four stakes of 30 on a day of 100, two through each API at once: three run."""
    users = [shared.user("validator2", n % 2) for n in range(4)]
    before = await shared.parts.metric("run_success_total")
    plans = [(await users[0].plan("Stake 30 AGIALPHA as a validator")).plan for _ in users]
    asked = [
        user.execute(plan.plan_id, ["deposit_stake"])
        for user, plan in zip(users, plans, strict=True)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ApiError)]
    assert [error.code for error in refused] == ["BLOCKED"]
    assert [b["code"] for b in refused[0].problem["blockers"]] == ["BUDGET_DAILY_EXCEEDED"]
    for answer in answers:
        if not isinstance(answer, BaseException):
            assert (await ended(users[1], answer.run_id)).run.state is RunState.SUCCEEDED
    assert await shared.parts.metric("run_success_total") == [count + 3 for count in before]


async def _approved(user: OneBox, run_id: str) -> StatusOut:
    """The end of the run, every question of it answered with yes."""
    while not (await user.status(run_id, wait=1)).run.state.final:
        for asked in await user.confirmations():
            if asked.run_id == run_id:
                await user.decide(asked, "approve")
    return await user.status(run_id)


async def _sent(db: Database, run_id: str) -> bool:
    """True once the stake is under way, false when it was settled between two looks."""
    for _ in range(6000):
        async with db.read() as session:
            (movement,) = await movements.of_run(session, run_id)
        if movement.state != "held":
            return movement.state == "sent"
        await asyncio.sleep(0.005)
    pytest.fail("the stake was never sent")
