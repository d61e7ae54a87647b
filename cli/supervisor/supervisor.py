"""One local stack: chain, ICS, Temporal, API and worker, in order and on one folder."""

import os
import time
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cli.supervisor import chain, lock, stale, temporal_server
from cli.supervisor.crew import Crew, StackFailed
from cli.supervisor.endpoints import Endpoints
from cli.supervisor.files import refuse_read_only, write_atomically
from cli.supervisor.layout import ROOT, Layout
from cli.supervisor.one_shot import OneShotFailed
from cli.supervisor.parts import Stack
from cli.supervisor.ports import Ports, choose
from cli.supervisor.users import Token, ensure_users, faucet_of, local_users, read_tokens
from cli.supervisor.voice import Aloud, Quiet, Voice, console_on, moved
from store.database import Database


class Supervisor:
    """An async context: inside it the stack is up, and a part that dies is started again.

    Args:
        var: the folder that holds the stack's state.
        windows: seconds of the commit and reveal windows, else those of the config; they
            count when the contracts are first deployed.
        quiet: say only what goes wrong.
        config: the config folder, else the repository's.
        store: the URL of the store, else SQLite in `var`.

    Raises:
        AlreadyServed: (on entering) another supervisor has the folder.
        OSError: (on entering) the folder, or a file in it, cannot be written.
        StackFailed: (on entering) a part did not start; those before it are stopped again.
        TemporalMissing: (on entering) no preflight has run.
    """

    def __init__(
        self,
        var: Path,
        windows: tuple[int, int] | None = None,
        *,
        quiet: bool = False,
        config: Path | None = None,
        store: str | None = None,
    ) -> None:
        # `Path.resolve` raises on a link to itself, in words of its own.
        folder = Path(os.path.realpath(var))
        self.layout = Layout(folder, (config or ROOT / "config").resolve(), store)
        self._voice: Voice = (Quiet if quiet else Aloud)(console_on())
        self._windows = windows
        self._after = AsyncExitStack()
        self._crew: Crew
        self.stack: Stack

    @property
    def endpoints(self) -> Endpoints:
        """Where each part answers now, and its process id."""
        return Endpoints.of(self.stack, self._crew.pids)

    @property
    def tokens(self) -> dict[str, Token]:
        """The local users' tokens by user id."""
        return read_tokens(self.layout.tokens)

    @property
    def deployment_file(self) -> Path:
        """Which contracts lie where."""
        return self.layout.deployment

    def kill(self, part: str) -> None:
        """End a part as `kill -9` would: chain, keeper, ics, temporal or api."""
        self._crew.kill(part)

    async def broken(self) -> None:
        """Wait until a part cannot be kept alive.

        Raises:
            StackFailed: when that happens.
        """
        await self._crew.broken()

    async def __aenter__(self) -> Self:
        """Start everything."""
        async with AsyncExitStack() as undo:
            undo.enter_context(lock.held(self.layout.lock, self.layout.shown))
            refuse_read_only(self.layout.written)
            ports = self._free_ports()
            undo.callback(ports.release_all)
            self.stack = Stack(self.layout, ports)
            self._crew = Crew(self.layout, ports, self._voice, self._write_endpoints)
            undo.callback(self._forget)
            undo.push_async_callback(self._crew.stop)
            await self._start(self._crew)
            self._after = undo.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, the last part first."""
        await self._after.aclose()

    def _free_ports(self) -> Ports:
        self.layout.endpoints.unlink(missing_ok=True)
        for name in stale.end_stale(self.layout.processes):
            self._voice.trouble(f"  {name} was left over from a killed supervisor: ended")
        chosen = choose(self.layout.ports)
        for name, wanted in chosen.moved.items():
            self._voice.trouble(moved(name, wanted, chosen.by_name[name]))
        return chosen

    async def _start(self, crew: Crew) -> None:
        stack = self.stack
        await crew.bring_up(stack.chain)
        await crew.bring_up(stack.keeper)
        await self._deploy()
        await crew.bring_up(stack.ics)
        await crew.bring_up(stack.temporal)
        await temporal_server.keep_history(stack.temporal_address, stack.server)
        await self._prepare_store()
        await crew.bring_up(stack.api)
        self._write_endpoints()

    async def _deploy(self) -> None:
        started = time.monotonic()
        try:
            said = await chain.deploy(self.layout, self.stack.ports.url("chain"), self._windows)
        except OneShotFailed as failure:
            raise StackFailed(f"The contracts were not deployed: {failure}") from failure
        self._voice.up("contracts", said, time.monotonic() - started)

    async def _prepare_store(self) -> None:
        started, stack = time.monotonic(), self.stack
        write_atomically(self.layout.environment, stack.shell_env(), mode=0o600)
        db, users = Database(self.layout.database_url), local_users(self.layout.config)
        try:
            await db.migrate()
            fund = faucet_of(stack.ports.url("ics"), stack.ics_token)
            new = await ensure_users(db, fund, users, self.layout.tokens, time.time())
        finally:
            await db.close()
        said = "new tokens, signers funded:" if new else "tokens in"
        where = f"{said} {self.layout.shown}/{self.layout.tokens.name}"
        self._voice.up("users", where, time.monotonic() - started)

    def _write_endpoints(self) -> None:
        self.endpoints.write(self.layout.endpoints)

    def _forget(self) -> None:
        for path in (self.layout.endpoints, self.layout.processes):
            path.unlink(missing_ok=True)
