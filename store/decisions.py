"""Questions that steps ask and their answers: the first answer wins, silence rejects."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import ScalarResult, Select, bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from onebox.errors import (
    AlreadyDecided,
    ConfirmationExpired,
    ConfirmationNotFound,
    DecisionDigestMismatch,
)
from onebox.models import RunState, StepState
from store.guard import bump, changed, done, insert_missing, lock_run
from store.tables import Base, DecisionRow, StepRow

Verdict = Literal["approve", "reject"]
_STATE_OF: dict[Verdict, str] = {"approve": "approved", "reject": "rejected"}
_DECISION = Base.metadata.tables["decision"]
_CLOSE_RUN = (
    update(_DECISION)
    .where(_DECISION.c.run_id == bindparam("of_run"))
    .values(
        state=case((_DECISION.c.state == "pending", "expired"), else_=_DECISION.c.state),
        heard=True,
    )
)


async def ask(  # noqa: PLR0913  a question as it is shown
    s: AsyncSession,
    *,
    id: str,  # noqa: A002  the column's name
    run_id: str,
    step_id: str,
    gen: int,
    tenant: str,
    plan_id: str,
    tool: str,
    digest: str,
    question: str,
    preview: list[str],
    amount: str,
    payee: str | None,
    now: float,
    expires_at: float,
) -> DecisionRow:
    """The question of this generation of a step: the stored one, else this.

    `amount` is stored as it is shown (decimal text). The caller shows the step as
    awaiting confirmation, in the same transaction. For a run that has ended the question
    is born expired.

    Raises:
        RunNotFound: no run has this id.
    """
    ended = RunState((await lock_run(s, run_id)).state).final
    asked = {"id": id, "run_id": run_id, "step_id": step_id, "gen": gen, "tenant": tenant}
    shown = {"plan_id": plan_id, "tool": tool, "digest": digest, "question": question}
    money = {"preview": preview, "amount": amount, "payee": payee}
    state = {"state": "expired" if ended else "pending", "heard": ended}
    times = {"created_at": now, "expires_at": expires_at}
    if await insert_missing(s, DecisionRow, {**asked, **shown, **money, **state, **times}):
        await bump(s, run_id)
    row = await of_step(s, run_id, step_id, gen)
    if row is None:
        raise ConfirmationNotFound(f"The id {id} belongs to another question.")
    return row


async def of_step(s: AsyncSession, run_id: str, step_id: str, gen: int) -> DecisionRow | None:
    """The question of one generation of a step, None while it has not asked."""
    query = select(DecisionRow).where(
        DecisionRow.run_id == run_id, DecisionRow.step_id == step_id, DecisionRow.gen == gen
    )
    return (await _rows(s, query)).one_or_none()


async def load(s: AsyncSession, id: str, tenant: str) -> DecisionRow:  # noqa: A002  as the column
    """One question of the tenant.

    Raises:
        ConfirmationNotFound: no question of this tenant has this id.
    """
    query = select(DecisionRow).where(DecisionRow.id == id, DecisionRow.tenant == tenant)
    row = (await _rows(s, query)).one_or_none()
    if row is None:
        raise ConfirmationNotFound
    return row


async def list_pending(s: AsyncSession, tenant: str, now: float) -> Sequence[DecisionRow]:
    """The tenant's questions that can still be answered, oldest first."""
    query = select(DecisionRow).where(
        DecisionRow.tenant == tenant, DecisionRow.state == "pending", DecisionRow.expires_at > now
    )
    return (await _rows(s, query.order_by(DecisionRow.created_at, DecisionRow.id))).all()


async def decide(  # noqa: PLR0913  a question's key and the whole answer
    s: AsyncSession,
    id: str,  # noqa: A002  as the column
    tenant: str,
    *,
    verdict: Verdict,
    digest: str,
    actor: str,
    comment: str | None,
    now: float,
) -> tuple[DecisionRow, bool]:
    """Answer a question; the answered row, and whether the same answer was there before.

    Raises:
        ConfirmationNotFound: no question of this tenant has this id.
        DecisionDigestMismatch: something else was shown.
        ConfirmationExpired: it was not answered in time, or its run has ended.
        AlreadyDecided: the other answer came first.
    """
    await lock_run(s, (await load(s, id, tenant)).run_id)
    row = await load(s, id, tenant)
    if row.digest != digest:
        raise DecisionDigestMismatch
    if row.state == _STATE_OF[verdict]:
        return row, True
    if row.state == "expired" or (row.state == "pending" and row.expires_at <= now):
        raise ConfirmationExpired
    answer: dict[str, str | float | None] = {
        "decided_by": actor,
        "decided_at": now,
        "comment": comment,
    }
    if not await _answer(s, row, state=_STATE_OF[verdict], **answer):
        raise AlreadyDecided
    return await load(s, id, tenant), False


async def expire_due(s: AsyncSession, now: float) -> list[DecisionRow]:
    """Let silence reject; the questions that expired with this call."""
    due = select(DecisionRow).where(DecisionRow.state == "pending", DecisionRow.expires_at <= now)
    expired = []
    for row in await _rows(s, due.order_by(DecisionRow.run_id, DecisionRow.id)):
        await lock_run(s, row.run_id)
        if await _answer(s, row, state="expired"):
            await s.refresh(row)
            expired.append(row)
    return expired


async def unheard(s: AsyncSession) -> Sequence[DecisionRow]:
    """Answered or expired questions that no workflow has acted on, oldest first."""
    query = select(DecisionRow).where(DecisionRow.state != "pending", DecisionRow.heard.is_(False))
    return (await _rows(s, query.order_by(DecisionRow.created_at, DecisionRow.id))).all()


async def mark_heard(s: AsyncSession, id: str) -> None:  # noqa: A002  as the column
    """The workflow has acted on the answer."""
    await changed(s, update(DecisionRow).where(DecisionRow.id == id).values(heard=True))


async def close_run(s: AsyncSession, run_id: str) -> None:
    """At the end of a run its open questions expire, and nobody waits for an answer."""
    await done(s, _CLOSE_RUN, of_run=run_id)


async def _answer(s: AsyncSession, row: DecisionRow, **values: str | float | None) -> bool:
    pending = update(DecisionRow).where(DecisionRow.id == row.id, DecisionRow.state == "pending")
    if not await changed(s, pending.values(**values)):
        return False
    asking = update(StepRow).where(
        StepRow.run_id == row.run_id,
        StepRow.step_id == row.step_id,
        StepRow.gen == row.gen,
        StepRow.state == StepState.AWAITING_CONFIRMATION,
    )
    await changed(s, asking.values(state=StepState.RUNNING))
    await bump(s, row.run_id)
    return True


async def _rows(s: AsyncSession, query: Select[DecisionRow]) -> ScalarResult[DecisionRow]:
    return await s.scalars(query.execution_options(populate_existing=True))
