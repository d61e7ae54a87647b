"""A full disk, a taken port, a silent neighbour: the crew goes on, or says what is in its way."""

import asyncio
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cli.supervisor.crew import StackFailed
from cli.supervisor.parts import Part
from cli.supervisor.ports import HOST
from cli.supervisor.ready import NotReady
from cli.supervisor.voice import Aloud, console_on
from tests.cli.bench import SERVE, Bench, until


async def test_a_disk_that_is_full_for_a_while_keeps_no_part_down(bench: Bench) -> None:
    """What cannot be written down is a start that failed: said, and tried again."""
    crew, ready = bench.crew(), bench.part(SERVE)
    await crew.bring_up(ready)
    bench.layout.processes.unlink()
    bench.layout.processes.mkdir()  # nothing can be written there
    crew.kill("part")
    await until(lambda: any("is not ready: [Errno" in one for one in bench.voice.said))
    bench.layout.processes.rmdir()
    await until(lambda: any("part is back" in one for one in bench.voice.said))
    await crew.stop()


async def test_a_disk_that_stays_full_is_what_the_stack_is_given_up_for(bench: Bench) -> None:
    """The sentence says why the part could not be started again, not how it died at first."""
    crew = bench.crew()
    await crew.bring_up(bench.part(SERVE))
    bench.layout.processes.unlink()
    bench.layout.processes.mkdir()  # nothing can be written there
    crew.kill("part")
    with pytest.raises(StackFailed, match=r"within a minute, the last time not ready: \[Errno"):
        await asyncio.wait_for(crew.broken(), 60)
    await crew.stop()


async def test_a_part_that_is_there_again_is_not_ended_for_what_others_lack(bench: Bench) -> None:
    """At first all must be well; later the part itself must be there."""
    crew, well = bench.crew(), bench.layout.var / "well"
    well.touch()
    part = bench.part(SERVE)()

    async def all_is_well() -> None:
        await part.ready()
        if not well.exists():
            raise NotReady("another part is silent")

    await crew.bring_up(lambda: replace(part, ready=all_is_well, back=part.ready))
    well.unlink()
    crew.kill("part")
    await until(lambda: any("part is back" in one for one in bench.voice.said))
    await crew.stop()


@pytest.mark.parametrize("deaf", ["a full disk", "a reader that is gone"], indirect=True)
async def test_a_part_is_kept_alive_though_nobody_can_be_told(bench: Bench, deaf: int) -> None:
    """The output of the supervisor lies on the full disk, or its reader has gone."""
    bench.speaks = Aloud(console_on(deaf))
    crew = bench.crew()
    await crew.bring_up(bench.part(SERVE))
    before = crew.pids["part"]
    crew.kill("part")
    await until(lambda: bool(bench.changes))
    assert crew.pids["part"] != before
    await crew.stop()


@pytest.fixture
def deaf(request: pytest.FixtureRequest) -> Iterator[int]:
    """A descriptor that takes no line in."""
    reader, writer = os.pipe()
    os.close(reader)
    taken = os.open("/dev/full", os.O_WRONLY) if request.param == "a full disk" else writer
    yield taken
    for each in {writer, taken}:
        os.close(each)


async def test_a_port_lost_at_the_start_is_replaced(bench: Bench) -> None:
    """The part is made once more, on the new port, and the move is said."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen(1)
        port = other.getsockname()[1]
        bench.ports.by_name["api"] = port
        await _up_elsewhere(bench, port)


async def test_a_port_lost_while_a_part_was_away_is_what_the_stack_is_given_up_for(
    bench: Bench,
) -> None:
    """Others know the part by its port, so it does not move: the sentence names the port."""
    crew, other = bench.crew(), socket.socket()
    other.bind((HOST, 0))
    port = bench.ports.by_name["api"] = other.getsockname()[1]
    listens = f"import socket; s = socket.create_server(({HOST!r}, {port})); {SERVE}"
    other.close()
    await crew.bring_up(lambda: replace(bench.part(listens)(), ports=("api",)))
    crew.kill("part")
    with (
        _taken_as_soon_as_possible(port),
        pytest.raises(StackFailed, match=f"not ready: somebody else listens on its port {port}"),
    ):
        await asyncio.wait_for(crew.broken(), 60)
    await crew.stop()


@contextmanager
def _taken_as_soon_as_possible(port: int) -> Iterator[None]:
    for _ in range(1000):
        try:
            with socket.create_server((HOST, port)):
                yield
                return
        except OSError:
            time.sleep(0.001)
    pytest.fail("the part never let go of its port")


async def _up_elsewhere(bench: Bench, port: int) -> None:
    crew, made = bench.crew(), 0

    def make() -> Part:
        nonlocal made
        made += 1
        code = SERVE if bench.ports.by_name["api"] != port else "raise SystemExit(1)"
        part = bench.part(code)()
        return Part(part.name, part.title, part.where, part.command, part.ready, ("api",))

    await crew.bring_up(make)
    assert made == 2
    assert any(f"port {port} for api is taken" in one for one in bench.voice.said)
    await crew.stop()
