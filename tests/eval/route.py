"""The sets, sent through the real route: app, SQLite store, credentials; ICS is not asked."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from onebox.models import Json
from tests.api.world import World, open_world
from tests.eval.scoring import Score, score
from tests.support import stores

_TESTS = Path(__file__).parents[1]
SETS = {
    "dev": _TESTS / "data" / "planner_eval_dev.jsonl",
    "own": _TESTS / "onebox" / "data" / "sentences.jsonl",
    "unseen": _TESTS / "onebox" / "data" / "unseen.jsonl",
}


def items_of(path: Path) -> list[Json]:
    """The lines of a set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


async def scores_of(items: list[Json]) -> list[Score]:
    """A score per item, each by one POST /onebox/plan."""
    with TemporaryDirectory() as folder:
        async with stores.migrated("sqlite", Path(folder)) as url, open_world(url) as world:
            return [await _scored(world, item) for item in items]


async def _scored(world: World, item: Json) -> Score:
    body = {"input_text": item["text"]} | ({"now": item["now"]} if "now" in item else {})
    answer = await world.post("/plan", body)
    return score(item, answer.status_code, answer.json())
