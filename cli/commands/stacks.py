"""`onebox dev` and `onebox demo`: commands that own a whole local stack."""

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.commands.faults import shown
from cli.supervisor.crew import StackFailed
from cli.supervisor.lock import AlreadyServed
from cli.supervisor.supervisor import Supervisor
from cli.supervisor.temporal_server import TemporalMissing
from cli.supervisor.voice import console_on
from onebox.settings import load_settings

Var = Annotated[Path, typer.Option(help="The folder that holds the state.")]


@shown
def dev(var: Var = Path("var/dev")) -> None:
    """Start chain, ICS, Temporal with its Web UI, API and worker; Ctrl-C stops them."""
    raise typer.Exit(asyncio.run(_dev(var)))


@shown
def demo(var: Var = Path("var/demo")) -> None:
    """One sentence, from the operator's keyboard to paid people, on a real local chain."""
    # Imported here: the other commands need none of it.
    from cli.demo.run import demo as tell  # noqa: PLC0415

    raise typer.Exit(asyncio.run(tell(var)))


async def _dev(var: Path) -> int:
    console = console_on()
    stop = _stop_asked()
    settings = load_settings()
    config = settings.config_dir if "config_dir" in settings.model_fields_set else None
    console.print(f"OneBox on {var}", style="bold")
    serving = asyncio.create_task(_serve(Supervisor(var, config=config), console))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        console.print("stopping, the last part first")
        serving.cancel()
    stopping.cancel()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    except (AlreadyServed, StackFailed, TemporalMissing) as trouble:
        return _told(console, str(trouble))
    except OSError as trouble:
        return _told(console, f"{var} cannot hold the state: {trouble}. Try: make dev VAR=var/x")
    console.print(f"stopped; the state stays in {var}")
    return 0


def _told(console: Console, trouble: str) -> int:
    """One clear sentence, and the exit code of a failure."""
    console.print(trouble, style="red", markup=False, soft_wrap=True)
    return 1


async def _serve(supervisor: Supervisor, console: Console) -> None:
    async with supervisor as up:
        here = up.layout.shown
        console.print(f"  tokens {here}/tokens.json, addresses {here}/endpoints.json")
        console.print(f"  Try: curl {up.endpoints.api}/readyz    Ctrl-C stops everything.")
        await up.broken()


def _stop_asked() -> asyncio.Event:
    stop = asyncio.Event()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        numbers.append(signal.SIGHUP)
    for number in numbers:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
