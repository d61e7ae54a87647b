"""What the demo prints: tables and colours on a terminal, plain text in a pipe."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.demo.sums import Sum, shown
from onebox.models import Blocker, ConfirmationOut, PlanOut, SimOut, StatusOut

_PLAIN_WIDTH = 110


class Narrator:
    """Tells the story as it happens, to people."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or _console()
        self._waits: dict[str, str] = {}

    def chapter(self, text: str) -> None:
        """A new part of the story."""
        self._console.print(f"\n[bold]{escape(text)}[/bold]")

    def say(self, text: str) -> None:
        """One line."""
        self._console.print(escape(text), highlight=False, soft_wrap=True)

    def sentence(self, name: str, text: str) -> None:
        """Who asks for what."""
        self._console.print(
            f'[cyan]{escape(name)}[/cyan] says "{escape(text)}"', highlight=False, soft_wrap=True
        )

    def blocked(self, blockers: Sequence[Blocker]) -> None:
        """Why a plan may not run, and what mends it."""
        table = self._table("BLOCKED", "limit", "actual", "fix")
        for blocker in blockers:
            table.add_row(blocker.code, blocker.limit, blocker.actual, blocker.fix)
        self._console.print(table)

    def plan(self, found: PlanOut) -> None:
        """The steps, in order."""
        self.say(found.preview_summary)
        table = self._table("step", "kind", "tool", "needs")
        for step in found.plan.steps:
            table.add_row(step.id, step.kind.value, step.tool, ", ".join(step.needs) or "-")
        self._console.print(table)

    def simulation(self, found: SimOut) -> None:
        """What it costs, what asks, and what was proved on the chain."""
        for line in found.confirmations:
            self.say(f"  {line}")
        names = ("reward", "protocol_fee", "total_budget", "agent_pay", "validator_pay")
        parts = (f"{name.replace('_', ' ')} {found.fee_breakdown[name]}" for name in names)
        self.say(f"  {', '.join(parts)}")
        net = ", ".join(f"{party} {text}" for party, text in found.net.items())
        self.say(f"  net of all movements: {net}")
        calls = ", ".join(f"{call.step_id} {call.status}" for call in found.chain_calls)
        self.say(f"  dry run: {calls}")

    def question(self, asked: ConfirmationOut) -> None:
        """What a step asks before it moves money."""
        self.say(f"  {asked.question} (to {asked.payee or 'nobody yet'})")
        for line in asked.preview:
            self.say(f"    {line}")

    def progress(self, name: str, found: StatusOut) -> None:
        """New lines of a run, verbatim, and waits that changed."""
        for line in found.logs:
            self.say(f"  {name:<10} | {line}")
        for step in found.steps:
            waiting = step.wait.waiting_for if step.wait else ""
            if waiting and self._waits.get(name + step.id) != waiting:
                self._waits[name + step.id] = waiting
                self.say(f"  {name:<10} ~ {step.name}: waits for {waiting}")

    def sums(self, sums: Sequence[Sum]) -> None:
        """Promised against happened."""
        table = self._table("who", "promised", "happened", "by", "equal")
        for found in sums:
            equal = "[green]yes[/green]" if found.equal else "[red]NO[/red]"
            table.add_row(
                found.what, shown(found.promised), shown(found.happened), found.source, equal
            )
        self._console.print(table)

    def trouble(self, text: str) -> None:
        """What went wrong, in one place."""
        self._console.print(text, style="red", markup=False, soft_wrap=True)

    def _table(self, *names: str) -> Table:
        table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
        for name in names:
            table.add_column(name, overflow="fold")
        return table


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)
