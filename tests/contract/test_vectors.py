"""Both languages compute the same digests: the vectors belong to neither (tests/data/README.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from onebox.digest import canonical, step_digest

VECTORS = json.loads(Path("tests/data/step_digests.json").read_text(encoding="utf-8"))
PARTS = ("plan_id", "step_id", "gen", "intent", "params", "meta")


@pytest.mark.parametrize("vector", VECTORS, ids=[v["step_id"] + str(v["gen"]) for v in VECTORS])
def test_python_agrees_with_the_vectors(vector: dict[str, Any]) -> None:
    """Canonical text and digest are those written down; vitest reads the same file."""
    parts = {name: vector[name] for name in PARTS}
    assert canonical(parts).decode() == vector["canonical"]
    assert step_digest(**parts) == vector["digest"]
