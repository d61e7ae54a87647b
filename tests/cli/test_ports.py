"""Ports: the last ones, the usual ones, or free ones, and never somebody else's."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.supervisor.ports import HOST, USUAL, Ports, choose


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Ports of a start before this one, all of them free."""
    with _listening() as first:
        base = first.getsockname()[1]
    path = tmp_path / "ports.json"
    names = dict.fromkeys(USUAL, 0) | {"chain": base}
    path.write_text(json.dumps(names))
    return path


def _listening() -> socket.socket:
    found = socket.socket()
    found.bind((HOST, 0))
    found.listen(1)
    return found


@pytest.fixture
def chosen(saved: Path) -> Iterator[Ports]:
    """A choice, let go of at the end."""
    ports = choose(saved)
    yield ports
    ports.release_all()


def test_a_restart_keeps_its_ports(saved: Path, chosen: Ports) -> None:
    """Links of the last start stay valid."""
    assert json.loads(saved.read_text()) == chosen.by_name
    chosen.release_all()
    again = choose(saved)
    again.release_all()
    assert again.by_name == chosen.by_name
    assert again.moved == {}


def test_a_taken_port_is_replaced_and_named(saved: Path) -> None:
    """The part gets a free port, and the wanted one is known for the message."""
    with _listening() as other:
        taken = other.getsockname()[1]
        saved.write_text(json.dumps(dict.fromkeys(USUAL, 0) | {"api": taken}))
        ports = choose(saved)
        ports.release_all()
    assert ports.moved["api"] == taken
    assert ports.by_name["api"] != taken


def test_two_stacks_that_start_at_once_share_no_port(chosen: Ports, tmp_path: Path) -> None:
    """A chosen port is kept by listening until its part starts."""
    rival = tmp_path / "rival.json"
    rival.write_text(json.dumps(chosen.by_name))
    others = choose(rival)
    others.release_all()
    assert set(others.by_name.values()).isdisjoint(chosen.by_name.values())


def test_a_port_lost_before_the_part_started_is_replaced(saved: Path, chosen: Ports) -> None:
    """Between letting go and listening somebody may be quicker."""
    wanted = chosen.by_name["ics"]
    chosen.release("ics")
    with socket.socket() as quicker:
        quicker.bind((HOST, wanted))
        quicker.listen(1)
        assert chosen.replace_taken("ics") == {"ics": wanted}
    assert json.loads(saved.read_text())["ics"] == chosen.by_name["ics"] != wanted


@pytest.mark.parametrize("text", ["", "[]", "not json", '{"api": "8080"}'])
def test_a_broken_file_means_the_usual_ports(text: str, tmp_path: Path) -> None:
    """A half-written or foreign file stops nobody."""
    path = tmp_path / "ports.json"
    path.write_text(text)
    ports = choose(path)
    ports.release_all()
    assert ports.by_name.keys() == USUAL.keys()
