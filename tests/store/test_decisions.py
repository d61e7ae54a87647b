"""The first answer wins, the same again is a replay, silence rejects."""

import asyncio

import pytest

from onebox.errors import (
    AlreadyDecided,
    ConfirmationExpired,
    ConfirmationNotFound,
    DecisionDigestMismatch,
)
from onebox.models import RunState, StepState
from store import decisions, runs, steps
from store.database import Database
from store.decisions import Verdict
from store.tables import DecisionRow
from tests.store.made import DIGEST, NOW, TENANT, admitted, ask, begin, run_row, step_row


async def decide(  # noqa: PLR0913  an answer with all its parts
    db: Database,
    question: str,
    verdict: Verdict,
    *,
    tenant: str = TENANT,
    digest: str = DIGEST,
    now: float = NOW + 1,
    actor: str = "operator",
) -> tuple[DecisionRow, bool]:
    """Answer a question."""
    async with db.write() as s:
        return await decisions.decide(
            s,
            question,
            tenant,
            verdict=verdict,
            digest=digest,
            actor=actor,
            comment="because",
            now=now,
        )


async def asked(db: Database, *, expires_at: float = NOW + 60) -> str:
    """A question of a running step, shown as such."""
    run_id = await admitted(db)
    await begin(db, run_id)
    question = await ask(db, run_id, expires_at=expires_at)
    async with db.write() as s:
        await steps.set_state(
            s, run_id, "post_job", StepState.AWAITING_CONFIRMATION, confirmation_id=question
        )
    return question


async def test_asking_again_finds_the_first_question(db: Database) -> None:
    """One question per generation; its preview is kept as it was, NUL and all."""
    run_id = await admitted(db)
    first = await ask(db, run_id)
    version = (await run_row(db, run_id)).version
    assert await ask(db, run_id, expires_at=NOW + 999) == first
    assert (await run_row(db, run_id)).version == version
    async with db.read() as s:
        row = await decisions.load(s, first, TENANT)
        assert (row.preview, row.expires_at) == (["one", "two\u0000"], NOW + 60)
        same = await decisions.of_step(s, run_id, "post_job", 0)
        assert same is not None
        assert same.id == first
        assert await decisions.of_step(s, run_id, "post_job", 1) is None


async def test_a_question_of_an_ended_run_is_born_expired(db: Database) -> None:
    """A preview that comes too late asks nobody, and nobody is nudged about it."""
    run_id = await admitted(db)
    async with db.write() as s:
        await runs.finish(
            s, run_id, state=RunState.CANCELLED, failed_step=None, error=None, now=NOW
        )
    question = await ask(db, run_id)
    async with db.read() as s:
        assert await decisions.list_pending(s, TENANT, NOW) == []
        assert await decisions.unheard(s) == []
    with pytest.raises(ConfirmationExpired):
        await decide(db, question, "approve")


@pytest.mark.parametrize(("verdict", "state"), [("approve", "approved"), ("reject", "rejected")])
async def test_an_answer_is_stored_with_its_author(
    db: Database, verdict: Verdict, state: str
) -> None:
    """Who, when and why are in the row, which nobody has heard yet; the step goes on."""
    question = await asked(db)
    row, replayed = await decide(db, question, verdict)
    assert (row.state, row.decided_by, row.decided_at) == (state, "operator", NOW + 1)
    assert (row.comment, row.heard, replayed) == ("because", False, False)
    assert (await step_row(db, row.run_id)).state == "running"


async def test_the_same_answer_again_is_a_replay(db: Database) -> None:
    """Even late, and by somebody else: the first row is the answer."""
    question = await asked(db)
    await decide(db, question, "approve")
    row, replayed = await decide(db, question, "approve", now=NOW + 999, actor="another")
    assert replayed
    assert (row.decided_by, row.decided_at) == ("operator", NOW + 1)


async def test_the_other_answer_is_refused(db: Database) -> None:
    """409: the first answer stands."""
    question = await asked(db)
    await decide(db, question, "reject")
    with pytest.raises(AlreadyDecided):
        await decide(db, question, "approve")


async def test_one_of_two_concurrent_answers_wins(db: Database, other_db: Database) -> None:
    """Yes and no at once, three times each: all agree with the one that won."""
    question = await asked(db)
    verdicts: list[Verdict] = ["approve", "reject"] * 3
    answers = await asyncio.gather(
        *(decide([db, other_db][n % 2], question, v) for n, v in enumerate(verdicts)),
        return_exceptions=True,
    )
    stored = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(stored) == 3
    assert [replayed for _, replayed in stored].count(False) == 1
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == 3


async def test_an_answer_to_something_else_is_refused(db: Database) -> None:
    """The digest names what was shown; a foreign tenant sees no question at all."""
    question = await asked(db)
    with pytest.raises(DecisionDigestMismatch):
        await decide(db, question, "approve", digest="e" * 64)
    with pytest.raises(ConfirmationNotFound):
        await decide(db, question, "approve", tenant="other")
    with pytest.raises(ConfirmationNotFound):
        await decide(db, "cnf_none", "approve")


async def test_an_answer_at_the_last_moment_is_too_late(db: Database) -> None:
    """At its expiry a question is closed (410), before and after the sweep saw it."""
    question = await asked(db, expires_at=NOW + 60)
    with pytest.raises(ConfirmationExpired):
        await decide(db, question, "approve", now=NOW + 60)
    async with db.write() as s:
        expired = await decisions.expire_due(s, NOW + 60)
        assert [(row.id, row.state) for row in expired] == [(question, "expired")]
        assert await decisions.expire_due(s, NOW + 60) == []
    with pytest.raises(ConfirmationExpired):
        await decide(db, question, "approve", now=NOW)


async def test_expiry_spares_what_is_not_due_or_answered(db: Database) -> None:
    """Only open questions whose time has come expire."""
    question = await asked(db)
    async with db.write() as s:
        assert await decisions.expire_due(s, NOW + 59) == []
    await decide(db, question, "approve")
    async with db.write() as s:
        assert await decisions.expire_due(s, NOW + 999) == []


async def test_the_inbox_lists_what_can_be_answered(db: Database) -> None:
    """The tenant's own, open and not past their time."""
    question = await asked(db)
    async with db.read() as s:
        assert [row.id for row in await decisions.list_pending(s, TENANT, NOW)] == [question]
        assert await decisions.list_pending(s, TENANT, NOW + 60) == []
        assert await decisions.list_pending(s, "other", NOW) == []
    await decide(db, question, "reject")
    async with db.read() as s:
        assert await decisions.list_pending(s, TENANT, NOW) == []


async def test_an_answer_is_nudged_until_it_is_heard(db: Database) -> None:
    """Unheard from the answer on, until the workflow acted."""
    question = await asked(db)
    async with db.write() as s:
        assert await decisions.unheard(s) == []
    await decide(db, question, "approve")
    async with db.write() as s:
        assert [row.id for row in await decisions.unheard(s)] == [question]
        await decisions.mark_heard(s, question)
        assert await decisions.unheard(s) == []
