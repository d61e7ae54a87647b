"""The golden transcripts of tests/data/transcripts, which vitest compares with as well."""

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "transcripts"
# A look comes when it comes: what one found on the way, the next may not find any more.
_PASSING = "• Waiting for: "
# Likewise the committee: chosen at the first look, or before a later one.
_SENT, _QUORUM = "⛓️ Tx submitted: {hash}\n", "🔍 Validator quorum\n• Job ID: {job}\n"


@cache
def placeholders() -> dict[str, re.Pattern[str]]:
    """What differs between two runs: its name and form, in the order of masking."""
    found = json.loads((FOLDER / "placeholders.json").read_text(encoding="utf-8"))
    return {name: re.compile(form) for name, form in found.items()}


def masked(text: str) -> str:
    """The text with a placeholder for everything that differs between two runs."""
    for name, form in placeholders().items():
        text = form.sub(f"{{{name}}}", text)
    return text


def golden(name: str) -> str:
    """The transcript of this name, such as `create_job/executed`."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def lasting(text: str) -> str:
    """The masked text without what depends on when a look came."""
    kept = "".join(line for line in text.splitlines(keepends=True) if _PASSING not in line)
    return kept.replace(_SENT + _QUORUM, _QUORUM + _SENT)
