"""The planner alone: sentences to plans, no HTTP and no store."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.figures import Figure, Sample
from cli.supervisor.layout import ROOT
from onebox.contract import load_contract
from onebox.errors import OneBoxError
from onebox.models import ChainIdentity, Meta
from onebox.planner import Ask, make_plan
from onebox.policy import load_rulebook
from onebox.simulator import simulate

_SENTENCES = ROOT / "tests" / "data" / "planner_eval_dev.jsonl"
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_META = Meta(user_id="operator", trace_id=UUID(int=7, version=4))
_NOWHERE = ChainIdentity(chain_id=31337, registry="0x" + "1" * 40, token="0x" + "2" * 40)


@dataclass(frozen=True)
class Planning:
    """One call of the planner a sentence; `refused` are those that it answers with an error."""

    figure: Figure
    sentences: int
    refused: int


def measure_planning(repeats: int) -> Planning:
    """Every sentence of the development set, so many times after a first time unseen."""
    planned = _planner()
    texts = [json.loads(line)["text"] for line in _SENTENCES.read_text("utf-8").splitlines()]
    refused = sum(not planned(text) for text in texts)
    sample, start = Sample(), time.perf_counter()
    for text in texts * repeats:
        began = time.perf_counter()
        planned(text)
        sample.took.append(time.perf_counter() - began)
    sample.wall = time.perf_counter() - start
    return Planning(sample.figure(), len(texts), refused)


def _planner() -> Callable[[str], bool]:
    contract = load_contract(ROOT / "config")
    rules = load_rulebook(ROOT / "config", None, None).for_tenant("acme")

    def planned(text: str) -> bool:
        try:
            make_plan(
                Ask(input_text=text, meta=_META),
                rules=rules,
                contract=contract,
                chain=_NOWHERE,
                now=_NOW,
                created_at=_NOW,
                nonce="bench",
                plan_ttl=timedelta(days=1),
                simulate=simulate,
            )
        except OneBoxError:
            return False
        return True

    return planned
