"""`python -m tests.chaos [rounds]`: the storm, round by round, each with its seed."""

import asyncio
import sys
import tempfile
from pathlib import Path

import httpx

from cli.demo.ledger import Ledger
from cli.supervisor.supervisor import Supervisor
from onebox.deployment import load_deployment
from onebox.money import UNIT
from tests.chaos.kills import Tally, stakes_in_a_storm
from tests.support.ports import give_ports

STAKES = 30
MIN_KILLS = 5


async def round_of(seed: int) -> bool:
    """True when the chain has exactly the stakes of the runs that succeeded."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        give_ports(var)
        async with Supervisor(var, quiet=True) as up:
            tally = await stakes_in_a_storm(up, STAKES, seed)
            staked = await _staked(up, tally)
    return _verdict(seed, tally, staked)


async def _staked(up: Supervisor, tally: Tally) -> int:
    """Base units that left the agent's account, by the chain's own word."""
    addresses = load_deployment(up.deployment_file).addresses
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        ledger = Ledger(up.endpoints.chain, addresses.token, http)
        return await ledger.paid_by((await ledger.sent(tally.txes[0])).by)


def _verdict(seed: int, tally: Tally, staked: int) -> bool:
    kills = sum(tally.kills.values())
    equal = staked == tally.ends["succeeded"] * UNIT
    once = len(tally.txes) == len(set(tally.txes))
    all_ended = sum(tally.ends.values()) == STAKES
    void = kills < MIN_KILLS
    word = "VOID" if void else "ok" if equal and once and all_ended else "FAILED"
    print(  # noqa: T201 - a report
        f"seed {seed}: {word}: {kills} kills {dict(tally.kills)}, ends {dict(tally.ends)}, "
        f"{tally.retried} proved misses sent again, staked {staked / UNIT:g} by the chain",
        flush=True,
    )
    return word == "ok"


def main() -> int:
    """Exit code 0 only when every round is ok."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    told = [asyncio.run(round_of(seed)) for seed in range(1, rounds + 1)]
    return 0 if all(told) else 1


if __name__ == "__main__":
    sys.exit(main())
