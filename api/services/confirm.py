"""Confirmations: the questions of running steps, and a person's answer to one of them."""

import re
from typing import Literal, cast

from structlog.contextvars import bind_contextvars

from api.auth import Caller
from api.deps import Deps
from api.services.moments import rfc3339
from onebox.errors import ConfirmationNotFound, TemporalUnavailable
from onebox.logs import logger
from onebox.models import ConfirmationOut, VerdictIn
from store import audit, decisions
from store.tables import DecisionRow

_log = logger("onebox.api.confirm")
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_State = Literal["pending", "approved", "rejected", "expired"]


async def pending(deps: Deps, caller: Caller) -> list[ConfirmationOut]:
    """The open questions of the caller's tenant, oldest first."""
    async with deps.db.read() as session:
        rows = await decisions.list_pending(session, caller.tenant, deps.clock())
    return [_out(row, deps.clock()) for row in rows]


async def confirmation(deps: Deps, caller: Caller, confirmation_id: str) -> ConfirmationOut:
    """One question of the caller's tenant, answered or not.

    Raises:
        ConfirmationNotFound: unknown, or another tenant's.
    """
    _check_id(confirmation_id)
    async with deps.db.read() as session:
        return _out(await decisions.load(session, confirmation_id, caller.tenant), deps.clock())


async def decide(
    deps: Deps, caller: Caller, confirmation_id: str, verdict: VerdictIn
) -> ConfirmationOut:
    """Store the answer, then tell the run. The same answer again changes nothing.

    Raises:
        ConfirmationNotFound, DecisionDigestMismatch, ConfirmationExpired, AlreadyDecided.
    """
    _check_id(confirmation_id)
    row = await _store(deps, caller, confirmation_id, verdict)
    bind_contextvars(run_id=row.run_id, plan_id=row.plan_id)
    try:
        await deps.engine.nudge(row.run_id, row.step_id)
    except TemporalUnavailable:
        _log.warning("confirmation.nudge_postponed", confirmation_id=row.id)
    return _out(row, deps.clock())


async def _store(
    deps: Deps, caller: Caller, confirmation_id: str, verdict: VerdictIn
) -> DecisionRow:
    now = deps.clock()
    async with deps.db.write() as session:
        row, is_repeat = await decisions.decide(
            session,
            confirmation_id,
            caller.tenant,
            verdict=verdict.verdict,
            digest=verdict.digest,
            actor=caller.user_id,
            comment=verdict.comment,
            now=now,
        )
        if not is_repeat:
            await audit.record(
                session,
                tenant=caller.tenant,
                actor=caller.user_id,
                role=caller.role,
                event=f"confirmation.{row.state}",
                fields={"confirmation_id": row.id, "run_id": row.run_id, "step_id": row.step_id},
                at=now,
            )
    return row


def _check_id(confirmation_id: str) -> None:
    if _ID.fullmatch(confirmation_id) is None:
        raise ConfirmationNotFound


def _out(row: DecisionRow, now: float) -> ConfirmationOut:
    """As stored; a question that nobody answered in time has expired, swept or not."""
    state = "expired" if row.state == "pending" and row.expires_at <= now else row.state
    return ConfirmationOut(
        id=row.id,
        run_id=row.run_id,
        plan_id=row.plan_id,
        step_id=row.step_id,
        gen=row.gen,
        tool=row.tool,
        state=cast("_State", state),
        question=row.question,
        preview=row.preview,
        amount=row.amount,
        payee=row.payee,
        digest=row.digest,
        created_at=rfc3339(row.created_at),
        expires_at=rfc3339(row.expires_at),
        decided_by=row.decided_by,
        decided_at=None if row.decided_at is None else rfc3339(row.decided_at),
        comment=row.comment,
    )
