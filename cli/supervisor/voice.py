"""What the supervisor says, and to whom."""

import io
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_WIDTH = 16
_STANDARD_OUTPUT = 1


class _Dropping(io.FileIO):
    """Drops what it cannot write: the disk is full, or whoever read along has gone."""

    def write(self, text: "ReadableBuffer") -> int:
        """How many bytes are dealt with."""
        try:
            return super().write(text)
        except OSError:
            return memoryview(text).nbytes


def console_on(descriptor: int = _STANDARD_OUTPUT) -> Console:
    """A console whose lines may get lost: the parts must be kept alive all the same."""
    to = _Dropping(descriptor, "w", closefd=False)
    text = io.TextIOWrapper(to, encoding="utf-8", write_through=True)
    return Console(file=text, highlight=False)


def moved(name: str, wanted: int, got: int) -> str:
    """What is said when a port is another's."""
    return f"  port {wanted} for {name} is taken: using {got}"


class Voice(Protocol):
    """Lines for people; the demo hears only trouble."""

    def up(self, title: str, where: str, seconds: float) -> None:
        """A part is ready."""

    def note(self, text: str) -> None:
        """Something worth knowing."""

    def trouble(self, text: str) -> None:
        """Something went wrong, or was mended."""


class Aloud:
    """Everything, on a console: colours on a terminal, plain text in a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def up(self, title: str, where: str, seconds: float) -> None:
        """A part is ready."""
        self._console.print(
            f"  [green]ready[/] {title:<{_WIDTH}} {where}  [dim]{seconds:.1f} s[/]",
            highlight=False,
            soft_wrap=True,
        )

    def note(self, text: str) -> None:
        """Something worth knowing."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def trouble(self, text: str) -> None:
        """Something went wrong, or was mended."""
        self._console.print(text, style="yellow", highlight=False, markup=False, soft_wrap=True)


class Quiet(Aloud):
    """Only trouble."""

    def up(self, title: str, where: str, seconds: float) -> None:
        """Not worth a line here."""

    def note(self, text: str) -> None:
        """Not worth a line here."""
