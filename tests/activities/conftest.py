"""A store with one admitted run, ICS as a scripted peer, and the activities between them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest_asyncio

from activities.deps import ActivityDeps
from activities.handshake import Handshake
from onebox.contract import Contract, load_contract
from onebox.deployment import Deployment, load_deployment
from onebox.holds import holds_of
from onebox.models import Json, OrchestrationPlan, Step, StepState
from onebox.policy import RuleBook, load_rulebook
from onebox.promise import promise_by_rules
from onebox.run import Phase, StepTask
from store import lines, movements, plans, runs, steps
from store.database import Database
from store.runs import Admission
from store.tables import MovementRow, StepRow
from tests.support.builders import plan_of, step
from tests.support.fake_ics import FakeIcs, contract_answer

CONFIG = Path("config")
NOW = 1_800_000_000.0
RUN = "run_" + "a" * 32
STAKE = step(
    "deposit_stake", tool="stake.deposit", params={"stake": {"amountAGIA": "20", "role": "agent"}}
)
SCREEN = step("screen", tool="safety.moderation", params={"description": "label images"})
COLLECT = step("collect", tool="job.collect", params={"jobId": "7"})


@dataclass
class Clock:
    """Unix seconds that tests move."""

    now: float = NOW

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass
class World:
    """One run of a plan with a pure, a waiting and a money step."""

    db: Database
    ics: FakeIcs
    deps: ActivityDeps
    clock: Clock
    plan: OrchestrationPlan
    calls: list[Json] = field(default_factory=list)

    def task(
        self, step: Step, *, approved: bool = True, gen: int = 0, preview: bool = False
    ) -> StepTask:
        """What the workflow would hand over."""
        return StepTask(
            run_id=RUN,
            root_run_id=RUN,
            tenant="acme",
            plan_id=self.plan.plan_id,
            meta=self.plan.metadata,
            step=step,
            gen=gen,
            phase=Phase.PREVIEW if preview else Phase.EXECUTE,
            approved=approved,
        )

    async def movement(self, gen: int = 0) -> MovementRow:
        """The stake's."""
        async with self.db.read() as session:
            return await movements.load(session, RUN, STAKE.id, gen)

    async def row(self, step: Step) -> StepRow:
        """The step's result row."""
        async with self.db.read() as session:
            return await steps.load(session, RUN, step.id)

    async def state(self, step: Step) -> StepState:
        """Where the row says that the step stands."""
        return StepState((await self.row(step)).state)

    async def text(self) -> bytes:
        """Every stored byte of the run."""
        async with self.db.read() as session:
            rows = await lines.of_step(session, RUN, None, 0)
        return b"".join(row.data + (b"\n" if row.eol else b"") for row in rows)


@pytest_asyncio.fixture
async def world(migrated_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world for each test."""
    contract, rulebook = load_contract(CONFIG), load_rulebook(CONFIG, None, None)
    deployment = deployment_in(tmp_path)
    ics, clock = FakeIcs(contract_answer(contract, rulebook, deployment)), Clock()
    db = Database(migrated_url)
    plan = plan_of(SCREEN, COLLECT, STAKE, budget="20.00")
    await _admit(db, plan, contract, rulebook)
    yield World(db, ics, _deps(db, ics, clock, contract, rulebook, deployment), clock, plan)
    await db.close()


def deployment_in(folder: Path) -> Deployment:
    """A local chain's, as its file says."""
    names = ["token", "jobRegistry", "stakeManager", "validationModule", "feePool"]
    names += ["identityRegistry", "disputeModule"]
    body = {
        "chainId": 31337,
        "genesisHash": "0x" + "a" * 64,
        "deploymentBlock": {"number": 9, "hash": "0x" + "b" * 64},
        "addresses": {name: f"0x{index:040x}" for index, name in enumerate(names, 1)},
    }
    path = folder / "deployment.json"
    path.write_text(json.dumps(body))
    return load_deployment(path)


def _deps(  # noqa: PLR0913, PLR0917 - the parts, as they are made
    db: Database,
    ics: FakeIcs,
    clock: Clock,
    contract: Contract,
    rulebook: RuleBook,
    deployment: Deployment,
) -> ActivityDeps:
    client = ics.client()
    handshake = Handshake(client, contract, rulebook, deployment, clock)
    return ActivityDeps(db, client, contract, deployment, handshake, clock, confirmation_ttl=3600)


async def _admit(
    db: Database, plan: OrchestrationPlan, contract: Contract, rulebook: RuleBook
) -> None:
    rules = rulebook.for_tenant("acme")
    admission = Admission(
        run_id=RUN,
        plan=plan,
        tenant="acme",
        user_id="operator",
        day="2027-01-15",
        cap=rules.daily_max,
        holds=holds_of(plan, contract, rules.fees),
        approvals=[],
        deadlines={},
        now=NOW,
        promise=promise_by_rules(plan, holds_of(plan, contract, rules.fees), rules.fees),
    )
    async with db.write() as session:
        await plans.save(session, plan, tenant="acme", user_id="operator", input_text=None, now=NOW)
        await runs.admit(session, admission)
