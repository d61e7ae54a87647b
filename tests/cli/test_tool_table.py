"""docs/tools.md: every tool, from the contract file, with the errors that tests have seen."""

from pathlib import Path

from cli.tool_table import FILE, is_stale, table
from onebox.contract import load_contract
from onebox.settings import Settings


def test_every_tool_has_its_row() -> None:
    """Its intent, what it takes and gives, and how it may end."""
    rows = [line for line in table().splitlines() if line.startswith("| `")]
    tools = load_contract(Settings().config_dir).tools.values()
    for tool, row in zip(tools, rows, strict=True):
        assert row.startswith(f"| `{tool.tool}` | `{tool.intent}`")
        for name in (*tool.params_schema["properties"], *tool.outputs_schema["properties"]):
            assert f"`{name}`" in row or f"`{name}?`" in row
    (posted,) = (row for row in rows if "`job.post`" in row)
    assert "`REWARD_TOO_HIGH`" in posted


def test_the_file_is_the_table_and_another_is_stale(tmp_path: Path) -> None:
    """A missing file, a changed word, and what is checked in."""
    other = tmp_path / "tools.md"
    assert is_stale(other)
    other.write_text(table().replace("money", "pure", 1), encoding="utf-8")
    assert is_stale(other)
    assert not is_stale(FILE)
