"""The demo's whole story by each further road, on a stack of its own: one job, one committee."""

import re
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from cli.client import OneBox
from cli.demo.ledger import Ledger
from cli.demo.narrator import Narrator
from cli.demo.story import Ending, Story
from cli.supervisor.supervisor import Supervisor
from onebox.deployment import load_deployment
from tests.e2e.lifecycle import MONEY
from tests.e2e.stacks import stack_on

pytestmark = [pytest.mark.live, pytest.mark.timeout(240), pytest.mark.store("postgresql")]


@pytest.mark.parametrize("road", ["relayer", "aa"])
async def test_the_story_is_settled_to_the_base_unit(road: str, kind: str, tmp_path: Path) -> None:
    """Blocked, corrected, asked, worked on, judged, paid: the actor pays and is paid, exactly."""
    async with stack_on(kind, tmp_path) as up:
        ending = await _told(up, road, said := StringIO())
    assert [(s.what, s.promised) for s in ending.sums if not s.equal] == []
    assert (ending.receipt.escrow, ending.receipt.held) == ("52.50", "0.00")
    assert "46.00" in [p.amount for p in ending.receipt.payouts]
    previews = set(re.findall(r"dry-run \((\w+)\)", said.getvalue()))
    assert previews == {road}


async def _told(up: Supervisor, road: str, said: StringIO) -> Ending:
    addresses = load_deployment(up.deployment_file).addresses
    async with httpx.AsyncClient(base_url=up.endpoints.api, timeout=90, trust_env=False) as http:
        story = Story(
            users={
                name: OneBox(name, token.token, http, road) for name, token in up.tokens.items()
            },
            ledger=Ledger(up.endpoints.chain, addresses.token, http),
            pool=addresses.fee_pool,
            money_tools=frozenset(MONEY),
            tell=Narrator(Console(file=said, width=110)),
        )
        try:
            return await story.run()
        finally:
            await story.stop()
