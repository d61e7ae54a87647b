"""Ports of the tests' own, so that a developer's stack keeps the usual ones."""

import json
import socket
from contextlib import ExitStack
from pathlib import Path

from cli.supervisor.ports import HOST, USUAL


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]


def give_ports(var: Path) -> None:
    """Tells the supervisor of this folder to take free ports instead of the usual ones."""
    ports = dict(zip(USUAL, free_ports(len(USUAL)), strict=True))
    (var / "ports.json").write_text(json.dumps(ports))
