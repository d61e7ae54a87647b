"""A stack for the tests: on free ports, with short windows, on a store of either kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from cli.supervisor.supervisor import Supervisor
from tests.support import postgres
from tests.support.ports import give_ports

# So that a vote takes seconds; the chain judges them by block time.
WINDOWS = (5, 5)


@asynccontextmanager
async def stack_on(kind: str, var: Path, config: Path | None = None) -> AsyncIterator[Supervisor]:
    """Up as long as the block lasts; a part that a test kills is started again."""
    give_ports(var)
    elsewhere = postgres.database() if kind == "postgresql" else nullcontext()
    async with (
        elsewhere as store,
        Supervisor(var, windows=WINDOWS, quiet=True, config=config, store=store) as stack,
    ):
        yield stack
