"""Ports of the tests' own, so that a developer's stack keeps the usual ones."""

import socket
from contextlib import ExitStack

from cli.supervisor.ports import HOST


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]
