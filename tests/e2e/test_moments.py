"""Parts die at the moments that come by themselves only seldom."""

import asyncio
from collections.abc import Callable

import pytest

from cli.client import OneBox
from cli.supervisor.supervisor import Supervisor
from onebox.models import RunState, StatusOut, StepState
from tests.e2e.lifecycle import answered, begun, ended, silent

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
STAKERS = ("validator1", "validator2", "validator3")
STAKE = "Stake 1 AGIALPHA as a validator"


async def test_parts_killed_while_money_is_reconciled_move_it_once(
    up: Supervisor, users: dict[str, OneBox]
) -> None:
    """Mined and acknowledged by nobody, three stakes are unknown; then the other parts die, too.

    The keeper is frozen until then, so that no stake can end before its part is killed.
    """
    stakers = [users[name] for name in STAKERS]
    with silent(up, "keeper"):
        runs = [await begun(user, STAKE) for user in stakers]
        for user, run_id in zip(stakers, runs, strict=True):
            await _until(user, run_id, _submitted)
        up.kill("ics")
        for user, run_id in zip(stakers, runs, strict=True):
            await _until(user, run_id, _unknown)
        for part in ("api", "temporal", "chain"):
            up.kill(part)
    ends = [await ended(user, run_id) for user, run_id in zip(stakers, runs, strict=True)]
    assert {end.run.state for end in ends} == {RunState.SUCCEEDED}
    assert {step.gen for end in ends for step in end.steps} == {0}
    txes = [tx for end in ends if end.receipts for tx in end.receipts.txes]
    assert len(txes) == len(set(txes)) >= len(runs)


def _submitted(found: StatusOut) -> bool:
    return any("Tx submitted" in line for line in found.logs)


def _unknown(found: StatusOut) -> bool:
    return {step.state for step in found.steps} == {StepState.UNKNOWN}


async def _until(user: OneBox, run_id: str, holds: Callable[[StatusOut], bool]) -> None:
    for _ in range(200):
        if holds(found := await answered(lambda: user.status(run_id))):
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"it never came to that: {found.run.state} {found.logs}")
