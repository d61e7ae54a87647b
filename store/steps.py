"""Steps of a run and their results. The first result of a generation is its result."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Update, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import StepNotFound
from onebox.models import Json, RunState, StepState
from store import holds, waits
from store.guard import SETTLED, as_json, bump, changed, done, hold_run, lock_run, mark_locked
from store.tables import Base, RunRow, StepRow

_STEP = Base.metadata.tables["step"]
_THE = and_(_STEP.c.run_id == bindparam("of_run"), _STEP.c.step_id == bindparam("of_step"))
_FOUND = (
    select(StepRow, RunRow.state, RunRow.tenant, RunRow.policy_digest, RunRow.fees_digest)
    .join(StepRow, StepRow.run_id == RunRow.run_id)
    .where(RunRow.run_id == bindparam("of_run"), StepRow.step_id == bindparam("of_step"))
    .with_for_update(of=[RunRow, StepRow])  # in the order of locks: the run first
    .execution_options(populate_existing=True)
)
_START = (
    update(_STEP)
    .where(_THE, _STEP.c.state == StepState.PENDING)
    .values(state=StepState.RUNNING, started_at=bindparam("now"))
)
# `_is_open` in SQL.
_OPEN = or_(
    and_(_STEP.c.gen == bindparam("of_gen"), _STEP.c.state.not_in(SETTLED)),
    and_(_STEP.c.gen < bindparam("of_gen"), _STEP.c.state != StepState.COMPLETED),
)
_RESULT = (
    update(_STEP)
    .where(_THE, _OPEN)
    .values(
        gen=bindparam("of_gen"),
        completed_at=bindparam("now"),
        state=bindparam("result"),
        outputs=bindparam("with_outputs"),
        receipt=bindparam("with_receipt"),
        error=bindparam("with_error"),
    )
)

_SKIP_REST = (
    update(_STEP)
    .where(_STEP.c.run_id == bindparam("of_run"), _STEP.c.state.not_in(SETTLED))
    .values(state=StepState.SKIPPED)
)


class RunRules(NamedTuple):
    """Whose run it is, and the digests that it was admitted under; None where it has none."""

    tenant: str
    policy_digest: str | None
    fees_digest: str | None


class Begun(NamedTuple):
    """How an attempt found its step.

    `open` is false when the generation is settled or the run has ended; `first` says that no
    attempt of this generation came before; `row` is the step as it was found.
    """

    open: bool
    first: bool
    run_ended: bool
    row: StepRow
    rules: RunRules


async def begin(s: AsyncSession, run_id: str, step_id: str, gen: int, now: float) -> Begun:
    """A generation of the step starts, unless it is settled or the run has ended.

    Idempotent: a generation that has begun keeps its state, so that a question or a wait
    still shows. A higher generation starts afresh and takes over the hold of the one before.

    Raises:
        RunNotFound: no run has this id.
        StepNotFound: the run has no such step.
        AlreadyClaimed: the generation before is not proved to have moved nothing.
    """
    row, run_state, rules = await _locked(s, run_id, step_id)
    if run_state.final or not _is_open(row, gen):
        return Begun(open=False, first=False, run_ended=run_state.final, row=row, rules=rules)
    if gen > row.gen:
        await holds.renew(s, run_id, step_id, gen)
        await changed(s, _the(run_id, step_id).values(gen=gen, **_BLANK))
    first = await done(s, _START, of_run=run_id, of_step=step_id, now=now) == 1
    if first:
        await bump(s, run_id)
    return Begun(open=True, first=first, run_ended=False, row=row, rules=rules)


async def _locked(s: AsyncSession, run_id: str, step_id: str) -> tuple[StepRow, RunState, RunRules]:
    """The step and its run in one look; both rows locked, the run's first."""
    found = (await s.execute(_FOUND, {"of_run": run_id, "of_step": step_id})).one_or_none()
    if found is None:
        await lock_run(s, run_id)
        raise StepNotFound
    mark_locked(s, run_id)
    step, state, tenant, policy_digest, fees_digest = found
    return step, RunState(state), RunRules(tenant, policy_digest, fees_digest)


_BLANK: Json = {
    "state": StepState.PENDING,
    "completed_at": None,
    "outputs": None,
    "receipt": None,
    "error": None,
    "confirmation_id": None,
}


async def set_state(
    s: AsyncSession,
    run_id: str,
    step_id: str,
    state: StepState,
    confirmation_id: str | None = None,
) -> bool:
    """Show where an unsettled step stands; true when that is news.

    A settled step stays as it is: a late look cannot bring it back to waiting.

    Raises:
        ValueError: for a state that only `settle` may give.
        RunNotFound: no run has this id.
    """
    if state in SETTLED:
        raise ValueError(f"only a result makes a step {state}")
    await hold_run(s, run_id)
    values: dict[str, str] = {"state": state}
    if confirmation_id is not None:
        values["confirmation_id"] = confirmation_id
    differs = or_(*(getattr(StepRow, name).is_distinct_from(new) for name, new in values.items()))
    news = _the(run_id, step_id).where(StepRow.state.not_in(SETTLED), differs).values(values)
    if not await changed(s, news):
        return False
    await bump(s, run_id)
    return True


async def settle(  # noqa: PLR0913  a step's key and its whole result
    s: AsyncSession,
    run_id: str,
    step_id: str,
    gen: int,
    *,
    state: StepState,
    outputs: Json | None,
    receipt: BaseModel | Json | None,
    error: BaseModel | Json | None,
    now: float,
) -> bool:
    """Store a step's result and end its wait; false when this generation has one already.

    Raises:
        ValueError: for a state that is no result (`unknown` is told with `set_state`).
        RunNotFound: no run has this id.
    """
    if state not in SETTLED:
        raise ValueError(f"{state} is not a result")
    await hold_run(s, run_id)
    step: Json = {"of_run": run_id, "of_step": step_id, "of_gen": gen}
    values: Json = {
        "with_outputs": outputs,
        "with_receipt": as_json(receipt),
        "with_error": as_json(error),
    }
    if not await done(s, _RESULT, result=state, now=now, **step, **values):
        return False
    await waits.clear(s, run_id, step_id)
    await bump(s, run_id)
    return True


async def skip_rest(s: AsyncSession, run_id: str) -> None:
    """At the end of a run: what has no result will not get one."""
    await done(s, _SKIP_REST, of_run=run_id)


async def of_run(s: AsyncSession, run_id: str) -> Sequence[StepRow]:
    """The run's steps in plan order."""
    query = select(StepRow).where(StepRow.run_id == run_id).order_by(StepRow.position)
    return (await s.scalars(query.execution_options(populate_existing=True))).all()


async def load(s: AsyncSession, run_id: str, step_id: str) -> StepRow:
    """One step as it is now.

    Raises:
        StepNotFound: the run has no such step.
    """
    row = await s.get(StepRow, (run_id, step_id), populate_existing=True)
    if row is None:
        raise StepNotFound
    return row


def _is_open(row: StepRow, gen: int) -> bool:
    if gen == row.gen:
        return row.state not in SETTLED
    return gen > row.gen and row.state != StepState.COMPLETED


def _the(run_id: str, step_id: str) -> Update:
    return update(StepRow).where(StepRow.run_id == run_id, StepRow.step_id == step_id)
