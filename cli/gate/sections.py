"""What must hold before a change lands, as data: each section is one command."""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ICS = ROOT / "ics"


@dataclass(frozen=True)
class Section:
    """One command; `closing` is how many of its last lines are shown when it passes.

    A `live` section shows its output as it comes: its own progress is its sign of life.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path = ROOT
    closing: int = 1
    live: bool = False


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)


def _tool(name: str, *words: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).with_name(name)), *words)


LINT = (
    Section("ruff check", _python("ruff", "check", "--quiet", "."), closing=0),
    Section("ruff format", _python("ruff", "format", "--check", "--quiet", "."), closing=0),
    Section("import-linter", _tool("lint-imports"), closing=1),
    Section("mypy", _python("mypy", "--no-error-summary"), closing=0),
    Section("tsc", ("npm", "run", "--silent", "typecheck"), cwd=ICS, closing=0),
)
CONTRACT = Section("contract", ("npm", "run", "--silent", "contract", "--", "--check"), cwd=ICS)
TOOL_TABLE = Section("tool table", _python("cli.tool_table", "--check"), closing=0)
ICS_TESTS = Section("vitest", ("npm", "test", "--silent"), cwd=ICS, closing=6)
# What needs no server and measures no time shares the machine; the rest has it for itself.
_ALONE = "live or timed"
UNIT_TESTS = Section("pytest units", _python("pytest", "-q", "-m", f"not ({_ALONE})"))
LIVE_TESTS = Section("pytest live", _python("pytest", "-q", "-m", _ALONE), closing=0, live=True)
