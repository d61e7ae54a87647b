"""The golden transcripts themselves: complete, in the grammar, and free of what differs."""

import re
from pathlib import Path

import pytest

from cli.conformance.grammar import faults
from cli.supervisor.layout import ROOT
from onebox.contract import load_contract
from onebox.models import Outcome
from tests.support.transcripts import FOLDER, masked, placeholders

FILES = sorted(FOLDER.glob("*/*.txt"))
INTENTS = {tool.intent for tool in load_contract(ROOT / "config").tools.values() if tool.supported}
# A document of any content can be pinned, so only a late or fenced call is refused (`any`).
NEVER_REFUSED = {"pin"}
_SAMPLE_HASH = "0x" + "ab" * 32


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_every_intent_has_its_transcripts(intent: str) -> None:
    """Shown, done, and refused; a new tool without them is noticed here."""
    outcomes = {path.name.partition(".")[0] for path in (FOLDER / intent).glob("*.txt")}
    assert {"dry_run", "executed"} <= outcomes
    assert outcomes & {"rejected", "failed"} or intent in NEVER_REFUSED


def test_no_transcript_is_of_nothing() -> None:
    """Every folder is an intent of the contract."""
    assert {path.parent.name for path in FILES} - INTENTS == {"any"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_transcript_keeps_the_grammar(path: Path) -> None:
    """Its lines, its closing line and code fit its name; no call data; only known placeholders."""
    text = path.read_text(encoding="utf-8")
    outcome, code = [*path.stem.split("."), ""][:2]
    lines = text.removesuffix("\n").replace("{hash}", _SAMPLE_HASH).split("\n")
    assert text.endswith("\n")
    assert faults(lines, Outcome(outcome)) == []
    assert set(re.findall(r"\{(\w+)\}", text)) <= set(placeholders())
    assert masked(text) == text
    if outcome in {"rejected", "failed"}:
        assert lines[-1].startswith(f"❌ {code}: ")
