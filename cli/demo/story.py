"""The main job of the product: one sentence becomes a job that is worked on, judged and paid."""

import asyncio
from dataclasses import dataclass, field

from cli.client import ApiError, OneBox
from cli.demo.followed import Followed, StoryBroken
from cli.demo.ledger import Ledger
from cli.demo.narrator import Narrator
from cli.demo.sums import Sum, chain_sums, receipt_sums
from onebox.models import Blocker, ConfirmationOut, PlanOut, Receipt, SimOut, StatusOut, StepState

TOO_MUCH = "Post a 150 AGIALPHA job to label 500 images, due in 7 days"
RIGHT = "Post a 50 AGIALPHA job to label 500 images, due in 7 days"
RESULT = "https://results.example.org/labels-500.zip"
VALIDATORS = {"validator1": "carol", "validator2": "dave", "validator3": "erin"}
_BLOCKED = 422


@dataclass(frozen=True)
class Ending:
    """The operator's run at its end, and every sum that was compared."""

    run: Followed
    status: StatusOut
    receipt: Receipt
    sums: list[Sum]

    @property
    def equal(self) -> bool:
        """True when the job is paid and nothing differs, to the base unit."""
        return all(found.equal for found in self.sums)


@dataclass
class Story:
    """Five users, each with sentences of their own; nobody goes behind OneBox's back."""

    users: dict[str, OneBox]
    ledger: Ledger
    pool: str
    money_tools: frozenset[str]
    tell: Narrator
    followed: list[Followed] = field(default_factory=list)

    async def stop(self) -> None:
        """Watch no run any longer."""
        for run in self.followed:
            await run.stop()

    async def run(self) -> Ending:
        """Tell it from the first sentence to the last token.

        Raises:
            StoryBroken: something else happened than what was promised.
        """
        await self._blocked()
        promise, run = await self._posted()
        job_id = await self._open_job(run)
        await self._staffed(job_id)
        await self._worked(job_id)
        await self._judged(job_id)
        return await self._paid(promise, run)

    async def _blocked(self) -> None:
        self.tell.chapter("1. A sentence that asks for too much")
        operator = self.users["operator"]
        self.tell.sentence("operator", TOO_MUCH)
        plan = (await operator.plan(TOO_MUCH)).plan
        try:
            await operator.simulate(plan.plan_id)
        except ApiError as error:
            if (error.status, error.code) != (_BLOCKED, "BLOCKED"):
                raise
            self.tell.blocked([Blocker.model_validate(b) for b in error.problem["blockers"]])
            return
        raise StoryBroken("150 AGIALPHA were not blocked by the daily maximum.")

    async def _posted(self) -> tuple[SimOut, Followed]:
        self.tell.chapter("2. The corrected sentence: plan, simulation, approval")
        found = await self._planned("operator", RIGHT)
        self.tell.plan(found)
        promise = await self.users["operator"].simulate(found.plan.plan_id)
        self.tell.simulation(promise)
        run = await self._executed("operator", found, asks="post_job")
        await self._confirmed(run)
        return promise, run

    async def _confirmed(self, run: Followed) -> None:
        """post_job was not approved in advance: it asks, and the operator answers."""
        await run.until(
            lambda s: any(step.state is StepState.AWAITING_CONFIRMATION for step in s.steps),
            "it asked for its confirmation",
        )
        asked = await self._question(run.run_id)
        self.tell.chapter("3. The question of post_job, and the answer")
        self.tell.question(asked)
        answered = await self.users["operator"].decide(asked, "approve")
        self.tell.say(f"  operator answers: {answered.state}")

    async def _question(self, run_id: str) -> ConfirmationOut:
        found = await self.users["operator"].confirmations()
        return next(asked for asked in found if asked.run_id == run_id)

    async def _open_job(self, run: Followed) -> str:
        """The job is on the chain and its run waits for a submission."""
        status = await run.until(
            lambda s: any(
                step.id == "collect_submissions" and step.state is StepState.WAITING
                for step in s.steps
            ),
            "it waited for a submission",
        )
        posted = next(step for step in status.steps if step.id == "post_job")
        return str((posted.outputs or {})["jobId"])

    async def _staffed(self, job_id: str) -> None:
        self.tell.chapter("4. An agent and three validators come forward")
        stakes = [self._done(name, "Stake 5 AGIALPHA as a validator") for name in VALIDATORS]
        await asyncio.gather(self._done("agent", "Stake 20 AGIALPHA as an agent"), *stakes)
        await self._done("agent", f"Apply to job {job_id} as alice.agent.agi.eth")

    async def _worked(self, job_id: str) -> None:
        self.tell.chapter("5. The work is submitted")
        await self._done("agent", f"Submit {RESULT} for job {job_id} as alice.agent.agi.eth")

    async def _judged(self, job_id: str) -> None:
        self.tell.chapter("6. The validators commit and reveal")
        votes = [
            self._done(name, f"Approve job {job_id} as {ens}.club.agi.eth")
            for name, ens in VALIDATORS.items()
        ]
        await asyncio.gather(*votes)

    async def _paid(self, promise: SimOut, run: Followed) -> Ending:
        self.tell.chapter("7. The job is finalized and paid")
        status = await run.succeeded()
        receipt = status.receipts
        if receipt is None or not receipt.txes:
            raise StoryBroken("The run ended without a receipt.")
        verdict = (await self.users["operator"].receipt(run.run_id)).verdict
        if verdict != "kept":
            raise StoryBroken(f"The receipt's own verdict is {verdict}.")
        chain = await chain_sums(self.ledger, receipt, self.pool)
        return Ending(run, status, receipt, [*receipt_sums(promise, receipt), *chain])

    async def _done(self, name: str, sentence: str) -> StatusOut:
        """A sentence of one user, from its plan to its end."""
        found = await self._planned(name, sentence)
        await self.users[name].simulate(found.plan.plan_id)
        run = await self._executed(name, found)
        return await run.succeeded()

    async def _planned(self, name: str, sentence: str) -> PlanOut:
        self.tell.sentence(name, sentence)
        found = await self.users[name].plan(sentence)
        if found.missing_fields or not found.plan.steps:
            raise StoryBroken(f"{name}: {found.clarification_prompt or found.preview_summary}")
        return found

    async def _executed(self, name: str, found: PlanOut, asks: str | None = None) -> Followed:
        """Run it; every money step but `asks` is approved with the plan."""
        money = [step.id for step in found.plan.steps if step.tool in self.money_tools]
        approvals = [step_id for step_id in money if step_id != asks]
        started = await self.users[name].execute(found.plan.plan_id, approvals)
        self.followed.append(Followed(self.users[name], started.run_id, self.tell))
        return self.followed[-1]
