"""The findings as a table for a terminal, as plain lines for a pipe, as JSON for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.conformance.run import Finding

_COLOURS = {"passed": "green", "failed": "bold red", "skipped": "yellow"}


def show(findings: Sequence[Finding], console: Console) -> None:
    """A table on a terminal; elsewhere one line a finding, tabs between its parts."""
    if console.is_terminal:
        console.print(_table(findings))
    else:
        for found in findings:
            detail = " ".join(found.detail.split())
            line = f"{found.verdict}\t{found.check}\t{found.claim}\t{detail}"
            console.file.write(f"{line}\n")
    console.print(closing(findings), markup=False)


def as_json(findings: Sequence[Finding]) -> str:
    """One document: how many of each verdict, and every finding."""
    return json.dumps({"counts": counts(findings), "findings": [asdict(f) for f in findings]})


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many checks passed, failed and were skipped."""
    found = Counter(finding.verdict for finding in findings)
    return {"passed": found["passed"], "failed": found["failed"], "skipped": found["skipped"]}


def closing(findings: Sequence[Finding]) -> str:
    """The last line."""
    return ", ".join(f"{number} {verdict}" for verdict, number in counts(findings).items())


def _table(findings: Sequence[Finding]) -> Table:
    table = Table("check", "what must hold", "verdict", "seen", box=SIMPLE)
    for found in findings:
        colour = _COLOURS[found.verdict]
        verdict = f"[{colour}]{found.verdict}[/{colour}]"
        table.add_row(found.check, escape(found.claim), verdict, escape(found.detail))
    return table
