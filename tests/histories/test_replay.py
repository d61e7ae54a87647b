"""Runs that were begun by earlier code go on under today's: their histories still agree."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

from tests.histories.replay import histories

SHAPES = {
    "cancel",
    "cancel_while_unknown",
    "confirmation_expired",
    "confirmation_given",
    "confirmation_refused",
    "failure",
    "second_generation",
    "success",
    "taken_over",
    "thousand_steps",
    "unknown",
    "wait",
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


async def test_a_workflow_with_another_order_is_caught() -> None:
    """The same steps launched last first: each shape that has parallel steps says so."""
    names = ["success.json", "failure.json"]
    found = (await replayed("reordered", 0, *names)).splitlines()
    told = [line.split(":")[0] for line in found if line.startswith(tuple(names))]
    assert told == names
    assert "ondeterminism" in "".join(found)
