"""`endpoints.json`: where each part answers, for people and programs beside the supervisor."""

import json
from dataclasses import dataclass
from pathlib import Path

from cli.supervisor.files import write_atomically
from cli.supervisor.parts import Stack


@dataclass(frozen=True)
class Endpoints:
    """URLs, and host:port for Temporal; `pids` by the name of the part."""

    api: str
    temporal: str
    ui: str
    ics: str
    chain: str
    pids: dict[str, int]

    @classmethod
    def of(cls, stack: Stack, pids: dict[str, int]) -> "Endpoints":
        """Those of a stack."""
        url = stack.ports.url
        return cls(
            api=url("api"),
            temporal=stack.temporal_address,
            ui=url("ui"),
            ics=url("ics"),
            chain=url("chain"),
            pids=pids,
        )

    def write(self, path: Path) -> None:
        """Replace the file."""
        write_atomically(path, json.dumps(vars(self), indent=2) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Endpoints":
        """The file of a stack that is up; the file system's error when none is."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
