"""`python -m cli.tool_table [--check]`: docs/tools.md out of the contract file.

The errors of an intent are those of its golden transcripts: what a test has seen, no more.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from onebox.contract import Tool, load_contract
from onebox.models import Json

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "tools.md"
_TRANSCRIPTS = ROOT / "tests" / "data" / "transcripts"
_NOT_DONE = ("rejected", "failed")
_HEAD = """# Tools

Written by `python -m cli.tool_table > docs/tools.md` from `config/ics.contract.json`; never
edited. A name with `?` may be left out. *Errors* are the codes with which a test has seen the
intent end, each with its transcript in `tests/data/transcripts/`; every intent may also end with
{any}.

| tool | intent | effect | params | outputs | errors |
|---|---|---|---|---|---|
"""


def table() -> str:
    """The whole file."""
    tools = load_contract(ROOT / "config").tools
    codes = _codes(_TRANSCRIPTS)
    head = _HEAD.format(any=", ".join(f"`{code}`" for code in codes.get("any", [])))
    return head + "".join(f"{_row(tool, codes)}\n" for tool in tools.values())


def _codes(folder: Path) -> dict[str, list[str]]:
    """The codes of each intent's refusals and failures, sorted."""
    found: dict[str, set[str]] = {}
    for path in folder.glob("*/*.txt"):
        outcome, code = [*path.stem.split("."), ""][:2]
        if outcome in _NOT_DONE:
            found.setdefault(path.parent.name, set()).add(code)
    return {intent: sorted(codes) for intent, codes in sorted(found.items())}


def _row(tool: Tool, codes: Mapping[str, list[str]]) -> str:
    variant = f" ({tool.variant})" if tool.variant else ""
    notes = [tool.effect.value, f"holds {tool.holds}" if tool.holds else ""]
    notes += [f"role {tool.role.value}" if tool.role else "", "" if tool.supported else "not built"]
    cells = (
        f"`{tool.tool}`",
        f"`{tool.intent}`{variant}",
        ", ".join(note for note in notes if note),
        _members(tool.params_schema),
        _members(tool.outputs_schema),
        ", ".join(f"`{code}`" for code in codes.get(tool.intent, [])) or "-",
    )
    return f"| {' | '.join(cells)} |"


def _members(schema: Json) -> str:
    """The members of an object, with the words that they may be."""
    needed = set(schema.get("required", ()))
    members: Mapping[str, Any] = schema.get("properties", {})
    return ", ".join(
        f"`{name}{'' if name in needed else '?'}`{_inside(member)}"
        for name, member in members.items()
    )


def _inside(schema: Json) -> str:
    if "const" in schema:
        return f" = {schema['const']}"
    if "enum" in schema:
        return f" ({_either(schema['enum'])})"
    if schema.get("properties"):
        return f" {{{_members(schema)}}}"
    items = schema.get("items")
    return f" [{_members(items)}]" if isinstance(items, dict) and items.get("properties") else ""


def _either(words: Iterable[object]) -> str:
    return " or ".join(map(str, words))


def is_stale(file: Path) -> bool:
    """True unless the file holds exactly the table of today."""
    return not file.is_file() or file.read_text(encoding="utf-8") != table()


def main(words: list[str]) -> int:
    """Print the file; with --check say whether it is what docs/tools.md holds."""
    if "--check" not in words:
        sys.stdout.write(table())
    elif is_stale(FILE):
        sys.stderr.write("docs/tools.md is stale: python -m cli.tool_table > docs/tools.md\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
