"""Runs that were begun by earlier code go on under today's: their histories still agree."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

import pytest

from tests.histories.replay import histories

SHAPES = {
    "answered_before_asked",
    "asked_again",
    "cancel",
    "cancel_while_asking",
    "cancel_while_sending",
    "cancel_while_unknown",
    "confirmation_expired",
    "confirmation_given",
    "confirmation_refused",
    "end_recorded_later",
    "failure",
    "failure_ends_a_look",
    "failure_while_others_are_sent",
    "fault_of_a_look",
    "fenced_to_the_last",
    "lost_after_its_claim",
    "second_generation",
    "seventeen_in_a_row",
    "success",
    "sweep",
    "taken_over",
    "thousand_steps",
    "unknown",
    "wait",
}
# What a careless change alters, and shapes that must say so.
CAUGHT = {
    "reordered": ("success.json", "failure.json", "failure_while_others_are_sent.json"),
    "renamed": ("wait.json", "unknown.json", "cancel.json", "second_generation.json"),
    "impatient": ("confirmation_given.json", "confirmation_expired.json", "asked_again.json"),
    "forgetful": ("unknown.json", "cancel_while_sending.json", "lost_after_its_claim.json"),
    "regular": ("success.json", "seventeen_in_a_row.json", "taken_over.json"),
}


async def replayed(code: str, seed: int, *names: str) -> str:
    """What a process with this hash seed finds different."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.histories.replay", code, *names),
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        stdout=PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


def test_every_shape_is_recorded() -> None:
    """A shape without a history would be replayed by nobody."""
    assert {path.name.split(".")[0] for path in histories()} == SHAPES


async def test_every_recorded_history_agrees_with_todays_code() -> None:
    """Success to a thousand steps, under three hash seeds: no set decides an order."""
    found = await asyncio.gather(*(replayed("today", seed) for seed in (0, 1, 4242)))
    assert found == ["", "", ""]


@pytest.mark.parametrize("altered", CAUGHT)
async def test_an_altered_workflow_is_caught(altered: str) -> None:
    """Steps launched last first, other activity ids, no timer, other inputs, none of them local."""
    names = CAUGHT[altered]
    found = (await replayed(altered, 0, *names)).splitlines()
    assert [line.split(":")[0] for line in found if line.startswith(names)] == list(names)
    if altered != "forgetful":  # whose commands are the same
        assert "ondeterminism" in "".join(found)
