"""The table of prerequisites, as plain text."""

from __future__ import annotations

from cli.preflight.checks import Row


def render(rows: list[Row]) -> str:
    """The rows in columns, each bad one followed by its fix."""
    cells = [("prerequisite", "found", "wanted")]
    cells += [(row.name, row.found or "not found", row.wanted) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in range(3)]
    lines = ["Preflight"]
    for cell, verdict in zip(cells, [""] + [_verdict(row) for row in rows]):
        columns = [text.ljust(width) for text, width in zip(cell, widths)]
        lines.append("  " + "  ".join([*columns, verdict]).rstrip())
    return "\n".join(lines)


def _verdict(row: Row) -> str:
    if row.good:
        return "ok" if row.found else ""
    return "FIX: " + row.fix
