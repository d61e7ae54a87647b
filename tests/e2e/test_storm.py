"""A storm on two API processes and two workers, while they and their PostgreSQL die."""

import asyncio
import os
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest
from sqlalchemy import text
from temporalio.client import Client

from activities.ics_client import IcsClient
from cli.client import ApiError, OneBox
from cli.supervisor.supervisor import Supervisor
from onebox.digest import key_of
from onebox.models import ConfirmationOut, Outcome, RunState, StatusOut
from store import budgets, movements
from store.database import Database
from tests.chaos.kills import persistent
from tests.e2e.shared import Shared
from workflows.client import connect, workflow_id

pytestmark = [pytest.mark.live, pytest.mark.timeout(240), pytest.mark.store("postgresql")]
USERS = ("validator1", "validator3")
SENTENCE, STEP = "Stake 1 AGIALPHA as a validator", "deposit_stake"
RUNS = 16
COUNTERS = {
    RunState.SUCCEEDED: "run_success_total",
    RunState.FAILED: "run_fail_total",
    RunState.CANCELLED: "onebox_run_cancelled_total",
}


async def test_everything_is_settled_once_and_every_figure_agrees(
    up: Supervisor, shared: Shared
) -> None:
    """Each plan executed on both APIs at once, answered on both, some cancelled meanwhile."""
    before, client = await counted(shared), await connect(up.endpoints.temporal, "onebox")
    stories = [asyncio.create_task(Story(shared, client, n).told()) for n in range(RUNS)]
    await asyncio.sleep(1.5)
    for name in ("api0", "worker1"):
        shared.parts.kill(name)
    await crashed(shared.db)
    await asyncio.sleep(1.0)
    for name in ("api0", "worker1"):
        await shared.parts.revive(name)
    ends = await asyncio.gather(*stories)
    assert len({end.run.id for end in ends}) == RUNS
    txes = [tx for end in ends if end.receipts for tx in end.receipts.txes]
    assert len(txes) == len(set(txes))
    await moved_as_ics_says(up, shared, [end.run.id for end in ends])
    for user in USERS:
        await adds_up(shared, user)
    states = Counter(end.run.state for end in ends)
    assert states[RunState.SUCCEEDED] >= RUNS // 2, states
    rose = [{state: n + states[state] for state, n in one.items()} for one in before]
    assert await counted(shared) == rose


@dataclass(frozen=True)
class Story:
    """One plan of a user who calls both APIs; its number says what is done to it."""

    shared: Shared
    client: Client
    n: int

    @property
    def users(self) -> tuple[OneBox, OneBox]:
        """The same user on the one API and on the other."""
        name = USERS[self.n % len(USERS)]
        return self.shared.user(name, 0), self.shared.user(name, 1)

    async def told(self) -> StatusOut:
        """From the sentence to the end, which both APIs tell alike."""
        one, two = self.users
        plan_id = (await persistent(partial(one.plan, SENTENCE))).plan.plan_id
        approvals = [STEP] if self.n % 4 == 0 else []
        asked = [persistent(partial(user.execute, plan_id, approvals)) for user in (one, two)]
        (run_id,) = {run.run_id for run in await asyncio.gather(*asked)}
        if self.n % 8 == 1:
            await self.client.get_workflow_handle(workflow_id(run_id)).cancel()
        while not (await persistent(partial(two.status, run_id, wait=1))).run.state.final:
            for question in await persistent(one.confirmations):
                if question.run_id == run_id:
                    await self._answer(question)
        ends = [await persistent(partial(user.status, run_id)) for user in (one, two)]
        assert ends[0] == ends[1]
        return ends[0]

    async def _answer(self, question: ConfirmationOut) -> None:
        """On both at once; of a yes and a no one is too late."""
        words = ("approve", "reject") if self.n % 8 == 2 else ("approve", "approve")
        said = [
            persistent(partial(user.decide, question, word))
            for user, word in zip(self.users, words, strict=True)
        ]
        late = [
            error.code
            for error in await asyncio.gather(*said, return_exceptions=True)
            if isinstance(error, ApiError)
        ]
        assert late or words[0] == words[1]
        assert set(late) <= {"ALREADY_DECIDED", "CONFIRMATION_EXPIRED"}


async def counted(shared: Shared) -> list[dict[RunState, float]]:
    """What each API counts."""
    each = {state: await shared.parts.metric(name) for state, name in COUNTERS.items()}
    return [{state: told[api] for state, told in each.items()} for api in range(2)]


async def crashed(db: Database) -> None:
    """A server process of PostgreSQL is killed -9: it ends all others, and recovers."""
    async with db.read() as session:
        backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    os.kill(backend, signal.SIGKILL)


async def moved_as_ics_says(up: Supervisor, shared: Shared, run_ids: list[str]) -> None:
    """A movement is confirmed where ICS executed its key, and nowhere else."""
    async with httpx.AsyncClient(trust_env=False) as http, shared.db.read() as session:
        ics = IcsClient(up.endpoints.ics, up.stack.ics_token, http)
        for run_id in run_ids:
            rows = await movements.of_run(session, run_id)
            said = [await ics.status(key_of(run_id, row.step_id, row.gen)) for row in rows]
            executed = [one.outcome is Outcome.EXECUTED for one in said]
            assert [row.state == "confirmed" for row in rows] == executed
            assert sum(executed) <= 1


async def adds_up(shared: Shared, user: str) -> None:
    """The day's row is the sum of its movements, and nothing is held any more."""
    tenant, day = shared.tenants[user], datetime.now(UTC).date().isoformat()
    async with shared.db.read() as session:
        told = await budgets.load(session, tenant, day)
        sums = await movements.buckets(session, tenant, day)
    assert (told.held, told.spent) == (0, sums.escrowed + sums.settled)
    assert (sums.held, sums.in_flight) == (0, 0)
