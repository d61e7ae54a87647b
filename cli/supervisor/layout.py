"""Where a local stack keeps its state: everything under one folder of `var/`."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ICS = ROOT / "ics"


@dataclass(frozen=True)
class Layout:
    """The files of one stack.

    `config` is the config folder that all parts read, `store` the URL of a store elsewhere.
    """

    var: Path
    config: Path
    store: str | None = None

    @property
    def shown(self) -> str:
        """The folder as a person would type it."""
        return str(self.var.relative_to(ROOT)) if self.var.is_relative_to(ROOT) else str(self.var)

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.var / "lock"

    @property
    def ports(self) -> Path:
        """The ports of the last start, so that links stay valid."""
        return self.var / "ports.json"

    @property
    def endpoints(self) -> Path:
        """There while the stack is up: where each part answers, and its process id."""
        return self.var / "endpoints.json"

    @property
    def processes(self) -> Path:
        """What was started, and when, to recognise it after the supervisor was killed."""
        return self.var / "processes.json"

    @property
    def tokens(self) -> Path:
        """The tokens of the local users."""
        return self.var / "tokens.json"

    @property
    def environment(self) -> Path:
        """The settings of the stack's own API and worker, to be sourced by a shell."""
        return self.var / "env"

    @property
    def ics_token(self) -> Path:
        """The service token between OneBox and ICS."""
        return self.var / "ics-token"

    @property
    def chain_state(self) -> Path:
        """The saved chain."""
        return self.var / "chain" / "state.json"

    @property
    def chain_height(self) -> Path:
        """The block up to which the chain is saved."""
        return self.var / "chain" / "height"

    @property
    def chain_cache(self) -> Path:
        """Where the node spills old states."""
        return self.var / "chain" / "cache"

    @property
    def deployment(self) -> Path:
        """Which contracts lie where."""
        return self.var / "deployment.json"

    @property
    def journal(self) -> Path:
        """The journal of ICS."""
        return self.var / "ics" / "journal.db"

    @property
    def pins(self) -> Path:
        """The pinned specs and results."""
        return self.var / "ics" / "pins"

    @property
    def temporal(self) -> Path:
        """The database of the Temporal dev server."""
        return self.var / "temporal.db"

    @property
    def database_url(self) -> str:
        """The store of OneBox."""
        return self.store or f"sqlite+aiosqlite:///{self.var / 'onebox.db'}"

    @property
    def logs(self) -> Path:
        """What the parts say, a file each."""
        return self.var / "logs"

    def log(self, part: str) -> Path:
        """What a part says."""
        return self.logs / f"{part}.log"

    @property
    def written(self) -> list[Path]:
        """Each folder and file that a part writes in place, whether or not it is there yet."""
        ics = self.journal.parent
        folders = [self.var, self.logs, self.chain_state.parent, self.chain_cache, ics, self.pins]
        databases = [self.var / "onebox.db", self.temporal, self.journal]
        beside = [path.with_name(path.name + end) for path in databases for end in ("-wal", "-shm")]
        saved = [self.chain_state, self.chain_height]
        return [*folders, *databases, *beside, *saved, *sorted(self.logs.glob("*.log"))]
