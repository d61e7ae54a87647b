"""What each part of a local stack is: its command, its surroundings, when it is ready."""

import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.supervisor import chain, ready, temporal_server
from cli.supervisor.files import write_atomically
from cli.supervisor.layout import ICS, ROOT, Layout
from cli.supervisor.ports import HOST, Ports
from cli.supervisor.ready import Check
from workflows.engine_settings import ServerSettings, load_engine_settings


@dataclass(frozen=True)
class Part:
    """One process. `patience` is how long it may take to be ready, `grace` to end (seconds).

    `ports` are the names of those that it listens on; `back` is what shows that it is there
    again after a restart, where that is less than being ready.
    """

    name: str
    title: str
    where: str
    command: Callable[[], Awaitable[list[str]]]
    ready: Check
    ports: tuple[str, ...] = ()
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)
    patience: float = 30.0
    grace: float = 5.0
    back: Check | None = None


@dataclass(frozen=True)
class Stack:
    """The parts of one layout on chosen ports, in the order of their start."""

    layout: Layout
    ports: Ports

    @property
    def temporal_address(self) -> str:
        """Host and port: Temporal speaks gRPC, so this is no URL."""
        return f"{HOST}:{self.ports.by_name['temporal']}"

    @property
    def server(self) -> ServerSettings:
        """The engine settings of the config folder."""
        return load_engine_settings(self.layout.config).server

    def chain(self) -> Part:
        """The node."""
        port, url = self.ports.by_name["chain"], self.ports.url("chain")

        async def command() -> list[str]:
            return await chain.node_command(self.layout, port)

        return Part("chain", "chain", url, command, ready.chain_answers(url), ("chain",))

    def keeper(self) -> Part:
        """What saves the node's state."""
        words = chain.keeper_command(self.layout, self.ports.url("chain"))
        check = ready.file_written(self.layout.chain_height)
        return Part("keeper", "chain keeper", self.layout.shown, _fixed(words), check, cwd=ICS)

    def ics(self) -> Part:
        """The typed border to the chain."""
        url = self.ports.url("ics")
        words = [*chain.NODE, "src/server.ts"]
        # Asked with our token: another stack's ICS would refuse it.
        check = ready.http_ok(f"{url}/contract", token=self.ics_token)
        env = self._ics_env()
        return Part("ics", "ICS", url, _fixed(words), check, ("ics",), cwd=ICS, env=env)

    def temporal(self) -> Part:
        """The engine, with its Web UI."""
        ports, ui = self.ports.by_name, self.ports.url("ui")
        words = temporal_server.command(
            self.server, self.layout.temporal, ports["temporal"], ports["ui"]
        )
        check = ready.temporal_serves(self.temporal_address, self.server.namespace, ui)
        where = f"{self.temporal_address}, Web UI {ui}"
        env, held = self.server.environment, ("temporal", "ui")
        return Part(
            "temporal", "Temporal", where, _fixed(words), check, held, env=env, patience=60.0
        )

    def api(self) -> Part:
        """API and worker in one process."""
        url = self.ports.url("api")
        words = [sys.executable, "-m", "cli.main", "serve"]
        check, back = ready.http_ok(f"{url}/readyz"), ready.http_ok(f"{url}/healthz")
        env, held = self.onebox_env(), ("api",)
        title = "API and worker"
        # Started again it speaks for itself: what another part lacks, no restart of it mends.
        return Part("api", title, url, _fixed(words), check, held, env=env, patience=60, back=back)

    def onebox_env(self) -> dict[str, str]:
        """The settings of API and worker."""
        return {
            "ONEBOX_CONFIG_DIR": str(self.layout.config),
            "ONEBOX_DATABASE_URL": self.layout.database_url,
            "ONEBOX_TEMPORAL_ADDRESS": self.temporal_address,
            "ONEBOX_TEMPORAL_NAMESPACE": self.server.namespace,
            "ONEBOX_TEMPORAL_UI_URL": self.ports.url("ui"),
            "ONEBOX_ICS_URL": self.ports.url("ics"),
            "ONEBOX_ICS_TOKEN": self.ics_token,
            "ONEBOX_DEPLOYMENT_FILE": str(self.layout.deployment),
            "ONEBOX_API_HOST": HOST,
            "ONEBOX_API_PORT": str(self.ports.by_name["api"]),
        }

    def shell_env(self) -> str:
        """The same, to be sourced by a shell."""
        pairs = self.onebox_env().items()
        return "".join(f"export {name}='{value}'\n" for name, value in pairs)

    @property
    def ics_token(self) -> str:
        """The service token, made once for a folder."""
        path = self.layout.ics_token
        if not path.exists():
            write_atomically(path, secrets.token_urlsafe(32) + "\n", mode=0o600)
        return path.read_text(encoding="utf-8").strip()

    def _ics_env(self) -> dict[str, str]:
        return {
            "RPC_URL": self.ports.url("chain"),
            "ICS_HOST": HOST,
            "ICS_PORT": str(self.ports.by_name["ics"]),
            "ICS_TOKEN": self.ics_token,
            "ICS_JOURNAL": str(self.layout.journal),
            "ICS_DEPLOYMENT": str(self.layout.deployment),
            "ICS_PIN_DIR": str(self.layout.pins),
            "ICS_HEIGHT_FILE": str(self.layout.chain_height),
            "ONEBOX_CONFIG_DIR": str(self.layout.config),
        }


def _fixed(words: list[str]) -> Callable[[], Awaitable[list[str]]]:
    async def command() -> list[str]:
        return words

    return command
