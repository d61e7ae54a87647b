"""What went wrong, as a sentence and its fix instead of a traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer

from onebox.errors import OneBoxError

P = ParamSpec("P")


def shown(command: Callable[P, None]) -> Callable[P, None]:
    """Show a refusal on standard error and end with code 1."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except OneBoxError as error:
            typer.echo(f"{error}\n{error.fix}", err=True)
            raise typer.Exit(1) from error

    return guarded
