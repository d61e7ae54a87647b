"""Which port each part gets: its last one, else the usual one, else any free one."""

import json
import socket
from dataclasses import dataclass, field
from pathlib import Path

from cli.supervisor.files import write_atomically

HOST = "127.0.0.1"
USUAL = {"chain": 8545, "ics": 8090, "temporal": 7233, "ui": 8233, "api": 8080}


@dataclass(frozen=True)
class Ports:
    """A port for each name of USUAL; `moved` are the wanted ports of those that lost them.

    Until `release` a port is kept by listening on it, so that no other stack that starts
    meanwhile takes it too.
    """

    saved_at: Path
    by_name: dict[str, int]
    moved: dict[str, int]
    _kept: dict[str, socket.socket] = field(default_factory=dict, repr=False)

    def url(self, name: str) -> str:
        """Where the part answers HTTP."""
        return f"http://{HOST}:{self.by_name[name]}"

    def release(self, *names: str) -> None:
        """Let go of ports, for the part that is about to listen there."""
        for name in names:
            if name in self._kept:
                self._kept.pop(name).close()

    def release_all(self) -> None:
        """Let go of every port."""
        self.release(*USUAL)

    def replace_taken(self, *names: str) -> dict[str, int]:
        """New ports for those of these names that somebody else has got; the lost ports."""
        lost = {}
        for name in names:
            wanted = self.by_name[name]
            self._kept[name] = _listen(wanted) or _any()
            self.by_name[name] = _number(self._kept[name])
            if self.by_name[name] != wanted:
                lost[name] = wanted
        self.save()
        return lost

    def taken(self, *names: str) -> list[int]:
        """The ports of these names on which somebody listens now."""
        return [port for port in map(self.by_name.__getitem__, names) if not _is_free(port)]

    def save(self) -> None:
        """Remember the choice for the next start."""
        write_atomically(self.saved_at, json.dumps(self.by_name, indent=2) + "\n")


def choose(saved_at: Path) -> Ports:
    """Choose a port for every part, remember the choice and keep the ports."""
    ports = Ports(saved_at, USUAL | _saved(saved_at), {})
    ports.moved.update(ports.replace_taken(*USUAL))
    return ports


def _any() -> socket.socket:
    found = _listen(0)
    if found is None:
        raise OSError(f"no port is free on {HOST}")
    return found


def _number(of: socket.socket) -> int:
    return int(of.getsockname()[1])


def _listen(port: int) -> socket.socket | None:
    """A socket that listens there; None where somebody else does."""
    asked = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port whose last user has just gone is free for us.
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        asked.bind((HOST, port))
        asked.listen(1)
    except OSError:
        asked.close()
        return None
    return asked


def _is_free(port: int) -> bool:
    found = _listen(port)
    if found is not None:
        found.close()
    return found is not None


def _saved(path: Path) -> dict[str, int]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    known = found.items() if isinstance(found, dict) else ()
    return {name: port for name, port in known if name in USUAL and isinstance(port, int)}
