"""What people read at `GET /onebox/status` is what the handlers said, byte for byte."""

import asyncio

import pytest

from cli.client import OneBox
from cli.demo.story import VALIDATORS
from onebox.models import StatusOut
from tests.e2e.lifecycle import done, ended, job_of, question, waiting
from tests.support.transcripts import golden, lasting, masked

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

SENTENCE = "Post a 5 AGIALPHA job to transcribe ninety hours of talks on bees, due in 7 days"
POSTED = (
    "screen/executed",
    "pin/executed",
    "create_job/dry_run",
    "create_job/executed",
    "await_submission/executed",
    "await_quorum/executed.unanimous",
    "finalize/dry_run.won",
    "finalize/executed.won",
)
VOTED = (
    "await_turn/executed.commit",
    "validate/executed.commit",
    "await_turn/executed.reveal",
    "validate/executed.reveal",
)


async def test_the_story_says_its_transcripts(users: dict[str, OneBox]) -> None:
    """Stakes, a job that is asked about, applied for, worked on, voted on and paid."""
    await _said(users["agent"], "Stake 20 AGIALPHA as an agent", "stake/executed.agent")
    stake = "Stake 5 AGIALPHA as a validator"
    await asyncio.gather(
        *(_said(users[who], stake, "stake/executed.validator") for who in VALIDATORS)
    )
    operator = users["operator"]
    run_id = (await operator.execute((await operator.plan(SENTENCE)).plan.plan_id, [])).run_id
    await _approved(operator, run_id)
    job_id = job_of(await waiting(operator, run_id, "collect_submissions"))
    apply = f"Apply to job {job_id} as alice.agent.agi.eth"
    await _said(users["agent"], apply, "apply_job/executed")
    submit = f"Submit https://results.example.org/b.zip for job {job_id} as alice.agent.agi.eth"
    await _said(users["agent"], submit, "submit_work/executed")
    votes = (
        _said(users[who], f"Approve job {job_id} as {ens}.club.agi.eth", *VOTED)
        for who, ens in VALIDATORS.items()
    )
    await asyncio.gather(*votes)
    await _approved(operator, run_id)
    _compare(await ended(operator, run_id), *POSTED)


async def _said(user: OneBox, sentence: str, *transcripts: str) -> None:
    """The sentence, approved as a whole, says these and nothing else."""
    _compare(await done(user, sentence), *transcripts)


def _compare(found: StatusOut, *transcripts: str) -> None:
    said = "".join(f"{line}\n" for line in found.logs)
    assert lasting(masked(said)) == lasting("".join(map(golden, transcripts)))


async def _approved(user: OneBox, run_id: str) -> None:
    """The next question of the run is answered with yes."""
    await user.decide(await question(user, run_id), "approve")
