"""A run in the store, and the deeds of activities on it."""

from onebox.models import Json, RunState, Step, StepState
from store import decisions, lines, movements, receipts, runs, waits
from store import steps as step_rows
from tests.api.plans import stored
from tests.api.world import World

DIGEST = "d" * 64
QUESTION = "a" * 32


async def a_run(world: World, steps: list[Step] | None = None) -> str:
    """The id of an admitted and started run, of the six steps unless others are given."""
    plan = await stored(world, steps)
    approvals = [step.id for step in plan.steps if step.id == "finalize_payout"]
    body = {"plan_id": plan.plan_id, "approvals": approvals}
    run_id: str = (await world.post("/execute", body)).json()["run_id"]
    return run_id


async def begin(world: World, run_id: str, step_id: str) -> None:
    """An activity has begun the step."""
    async with world.deps.db.write() as session:
        await step_rows.begin(session, run_id, step_id, 0, world.clock.now)


async def settle(  # noqa: PLR0913  a step's whole result
    world: World,
    run_id: str,
    step_id: str,
    *,
    outputs: Json | None = None,
    receipt: Json | None = None,
    error: Json | None = None,
) -> None:
    """The step ended two seconds later."""
    world.clock.now += 2
    async with world.deps.db.write() as session:
        await step_rows.settle(
            session,
            run_id,
            step_id,
            0,
            state=StepState.FAILED if error else StepState.COMPLETED,
            outputs=outputs,
            receipt=receipt,
            error=error,
            now=world.clock.now,
        )


async def write(
    world: World, run_id: str, step_id: str, *data: bytes, first: int = 0, eol: bool = True
) -> None:
    """The handler said these lines, the last one perhaps without its newline."""
    said = [(line, True) for line in data[:-1]] + [(data[-1], eol)]
    async with world.deps.db.write() as session:
        await lines.append(session, run_id, step_id, 0, "execute", first, said, world.clock.now)


async def wait_for(world: World, run_id: str, step_id: str, words: str) -> None:
    """The step waits for the world."""
    async with world.deps.db.write() as session:
        await step_rows.set_state(session, run_id, step_id, StepState.WAITING)
        now = world.clock.now
        await waits.put(session, run_id, step_id, words, now, now + 2)


async def ask(world: World, run_id: str, step_id: str = "post_job") -> None:
    """The step has shown its preview and asks."""
    async with world.deps.db.write() as session:
        await decisions.ask(
            session,
            id=QUESTION,
            run_id=run_id,
            step_id=step_id,
            gen=0,
            tenant="acme",
            plan_id=(await runs.load(session, run_id, None)).plan_id,
            tool="job.post",
            digest=DIGEST,
            question="Post job on-chain: move 52.50 AGIALPHA?",
            preview=["🧪 would escrow 52.50"],
            amount="52.50",
            payee="0x" + "1" * 40,
            now=world.clock.now,
            expires_at=world.clock.now + 3600,
        )
        state = StepState.AWAITING_CONFIRMATION
        await step_rows.set_state(session, run_id, step_id, state, QUESTION)


async def move(world: World, run_id: str, step_id: str, job_id: str) -> None:
    """The step's tokens have moved."""
    async with world.deps.db.write() as session:
        fence = await movements.claim(
            session,
            run_id,
            step_id,
            0,
            digest=DIGEST,
            not_after=world.clock.now + 30,
            verdict_ref="approval:x",
            now=world.clock.now,
        )
        await movements.settle(
            session,
            run_id,
            step_id,
            0,
            fence,
            outcome="confirmed",
            job_id=job_id,
            now=world.clock.now,
        )


async def end(world: World, run_id: str, state: RunState, failed_step: str | None = None) -> None:
    """The run has ended, and is judged in the same transaction."""
    async with world.deps.db.write() as session:
        await runs.finish(
            session,
            run_id,
            state=state,
            failed_step=failed_step,
            error={"code": "DEADLINE_PASSED", "message": "late"} if failed_step else None,
            now=world.clock.now,
        )
        await receipts.judge(session, run_id)
