"""Plan: a sentence becomes a stored plan. Needs neither ICS nor Temporal."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from structlog.contextvars import bind_contextvars, get_contextvars

from api.auth import Caller
from api.deps import Deps
from api.services.moments import instant
from api.services.propose import proposal_for
from api.services.revise import revision_of, wrong_answers
from onebox.errors import ActorForbidden, ValidationFailed
from onebox.models import Meta, MetaIn, PlanIn, PlanOut
from onebox.planner import Ask, Revision, make_plan
from onebox.simulator import simulate
from store import audit, plans


async def plan(deps: Deps, caller: Caller, asked: PlanIn) -> PlanOut:
    """The plan of a sentence, or of a stored plan and its answers, stored under its digest.

    Raises:
        PlanNotFound: `revises` names no plan of the caller's tenant.
        InputTextRequired, InvalidReward, DeadlineInvalid: the planner refuses the sentence.
        ActorForbidden: `meta.userId` is somebody else.
        ValidationFailed: an answer does not fit its field, or `now` is no time.
    """
    _refuse(_wrong_fields(asked))
    revision = await revision_of(deps, caller, asked)
    created_at = datetime.fromtimestamp(deps.clock(), UTC)
    now = created_at if asked.now is None else instant(asked.now) or created_at
    proposal, notes = await proposal_for(deps, asked, now)
    ask = replace(_ask(caller, asked, revision), proposal=proposal, notes=notes)
    began = time.perf_counter()
    out = _made(deps, caller, ask, now=now, created_at=created_at)
    deps.metrics.plan.observe(time.perf_counter() - began)
    await _save(deps, caller, out)
    bind_contextvars(plan_id=out.plan.plan_id, trace_id=str(out.plan.metadata.trace_id))
    return out


def _wrong_fields(asked: PlanIn) -> Iterator[tuple[str, str]]:
    yield from wrong_answers(asked)
    if asked.now is not None and instant(asked.now) is None:
        yield "/now", "Must be an RFC 3339 time with offset, for example 2026-11-20T09:00:00Z."
    trace = asked.meta.trace_id
    if trace is not None and not _is_traceable(trace):
        yield "/meta/traceId", "Must be a UUID of RFC 4122, for example version 4."


def _is_traceable(trace: UUID) -> bool:
    """ICS takes what RFC 4122 defines: versions 1 to 8."""
    return trace.variant == RFC_4122 and trace.version in range(1, 9)


def _refuse(found: Iterator[tuple[str, str]]) -> None:
    errors = [{"pointer": pointer, "message": message} for pointer, message in found]
    if errors:
        raise ValidationFailed(errors[0]["message"], errors=errors)


def _made(deps: Deps, caller: Caller, ask: Ask, *, now: datetime, created_at: datetime) -> PlanOut:
    return make_plan(
        ask,
        rules=deps.rulebook.for_tenant(caller.tenant),
        contract=deps.contract,
        chain=deps.deployment.identity,
        now=now,
        created_at=created_at,
        nonce=deps.new_id(),
        plan_ttl=timedelta(seconds=deps.plan_ttl),
        simulate=simulate,
    )


def _ask(caller: Caller, asked: PlanIn, revision: Revision | None) -> Ask:
    return Ask(
        input_text=asked.input_text or "",
        meta=_meta(caller, asked.meta),
        attachments=asked.attachments,
        role=caller.role,
        ens=caller.ens,
        revises=revision,
    )


def _meta(caller: Caller, given: MetaIn) -> Meta:
    """The token says who acts; the trace is the caller's or this request's."""
    if given.user_id not in {None, caller.user_id}:
        raise ActorForbidden(f"The plan would act as {given.user_id}, you are {caller.user_id}.")
    trace_id = given.trace_id or UUID(get_contextvars()["trace_id"])
    return Meta(user_id=caller.user_id, trace_id=trace_id, tx_mode=given.tx_mode)


async def _save(deps: Deps, caller: Caller, out: PlanOut) -> None:
    now = deps.clock()
    async with deps.db.write() as session:
        await plans.save(
            session,
            out.plan,
            tenant=caller.tenant,
            user_id=caller.user_id,
            input_text=out.input_text,
            now=now,
        )
        await audit.record(
            session,
            tenant=caller.tenant,
            actor=caller.user_id,
            role=caller.role,
            event="plan.made",
            fields={"plan_id": out.plan.plan_id, "kind": out.intent.kind},
            at=now,
        )
