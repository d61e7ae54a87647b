"""The demo's whole story on a stack of the tests' own."""

from io import StringIO

import httpx
import pytest
from rich.console import Console

from cli.client import OneBox
from cli.demo.ledger import Ledger
from cli.demo.narrator import Narrator
from cli.demo.story import Story
from cli.supervisor.supervisor import Supervisor
from onebox.deployment import load_deployment
from tests.e2e.lifecycle import MONEY

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


async def test_one_sentence_is_settled_to_the_base_unit(
    up: Supervisor, users: dict[str, OneBox], http: httpx.AsyncClient
) -> None:
    """Blocked, corrected, asked, worked on, judged, paid: every sum equals its promise."""
    addresses = load_deployment(up.deployment_file).addresses
    said = StringIO()
    story = Story(
        users=users,
        ledger=Ledger(up.endpoints.chain, addresses.token, http),
        pool=addresses.fee_pool,
        money_tools=frozenset(MONEY),
        tell=Narrator(Console(file=said, width=110)),
    )
    try:
        ending = await story.run()
    finally:
        await story.stop()
    assert [(s.what, s.promised) for s in ending.sums if not s.equal] == []
    assert (ending.receipt.escrow, ending.receipt.held) == ("52.50", "0.00")
    assert "46.00" in [p.amount for p in ending.receipt.payouts]
    assert "OVER_BUDGET" in said.getvalue()
    counted = (await http.get("/metrics")).text
    assert "run_fail_total 0.0" in counted
