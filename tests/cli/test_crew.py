"""A dead part is started again; one that cannot live is given up with its last words."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cli.supervisor.crew import Crew, StackFailed
from cli.supervisor.layout import Layout
from cli.supervisor.one_shot import tail
from cli.supervisor.parts import Part
from cli.supervisor.ports import HOST, Ports
from cli.supervisor.ready import Check, NotReady
from cli.supervisor.restarts import MOST_A_MINUTE, Restarts
from cli.supervisor.voice import Aloud, Voice, console_on

_SERVE = "print('up', flush=True); import time; time.sleep(60)"


@dataclass
class Heard:
    """A voice that remembers."""

    said: list[str] = field(default_factory=list)

    def up(self, title: str, where: str, seconds: float) -> None:
        """A part is ready."""
        self.said.append(f"{title} up at {where} {seconds >= 0}")

    def note(self, text: str) -> None:
        """Something worth knowing."""
        self.said.append(text)

    def trouble(self, text: str) -> None:
        """Something went wrong, or was mended."""
        self.said.append(text)


@dataclass
class Bench:
    """A crew on a folder of its own."""

    layout: Layout
    ports: Ports
    voice: Heard
    speaks: Voice
    changes: list[dict[str, int]] = field(default_factory=list)

    def crew(self) -> Crew:
        """Every change of a process id is noted."""
        return Crew(
            self.layout,
            self.ports,
            self.speaks,
            lambda: self.changes.append({}),
            lambda: Restarts(first_pause=0.01),
        )

    def part(self, code: str, name: str = "part") -> Callable[[], Part]:
        """A part that is a line of Python, ready when it has said `up`."""
        log = self.layout.log(name)

        async def command() -> list[str]:
            log.unlink(missing_ok=True)  # of the start before
            return [sys.executable, "-c", code]

        return lambda: Part(name, name, "here", command, _said_up(log), patience=5.0)


def _said_up(log: Path) -> Check:
    async def check() -> None:
        if "up" not in tail(log):
            raise NotReady("not yet")

    return check


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """No ports, an empty folder."""
    layout, heard = Layout(tmp_path, tmp_path), Heard()
    return Bench(layout, Ports(layout.ports, {}, {}), heard, heard)


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it never came to that")


async def test_a_dead_part_is_started_again_and_said_so(bench: Bench) -> None:
    """On its old place, with another process id, which is announced."""
    crew = bench.crew()
    await crew.bring_up(bench.part(_SERVE))
    before = crew.pids["part"]
    crew.kill("part")
    await _until(lambda: bool(bench.changes))
    assert crew.pids["part"] != before
    assert any("killed by SIGKILL: starting it again at here" in one for one in bench.voice.said)
    await crew.stop()


async def test_a_part_that_does_not_start_is_a_failure_with_its_last_words(bench: Bench) -> None:
    """One clear sentence and the end of the log."""
    crew = bench.crew()
    with pytest.raises(StackFailed, match=r"(?s)part did not start: ended with code 4.*no licence"):
        await crew.bring_up(bench.part("print('no licence'); raise SystemExit(4)"))
    await crew.stop()


async def test_a_part_that_keeps_dying_is_given_up(bench: Bench) -> None:
    """After five restarts within a minute, naming how it died."""
    crew = bench.crew()
    await crew.bring_up(bench.part("print('up', flush=True); import time; time.sleep(0.2)"))
    with pytest.raises(StackFailed, match="died more than 5 times within a minute"):
        await asyncio.wait_for(crew.broken(), 60)
    await crew.stop()


async def test_a_disk_that_is_full_for_a_while_keeps_no_part_down(bench: Bench) -> None:
    """What cannot be written down is a start that failed: said, and tried again."""
    crew, ready = bench.crew(), bench.part(_SERVE)
    await crew.bring_up(ready)
    bench.layout.processes.unlink()
    bench.layout.processes.mkdir()  # nothing can be written there
    crew.kill("part")
    await _until(lambda: any("is not ready: [Errno" in one for one in bench.voice.said))
    bench.layout.processes.rmdir()
    await _until(lambda: any("part is back" in one for one in bench.voice.said))
    await crew.stop()


async def test_a_disk_that_stays_full_is_what_the_stack_is_given_up_for(bench: Bench) -> None:
    """The sentence says why the part could not be started again, not how it died at first."""
    crew = bench.crew()
    await crew.bring_up(bench.part(_SERVE))
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
    part = bench.part(_SERVE)()

    async def all_is_well() -> None:
        await part.ready()
        if not well.exists():
            raise NotReady("another part is silent")

    await crew.bring_up(lambda: replace(part, ready=all_is_well, back=part.ready))
    well.unlink()
    crew.kill("part")
    await _until(lambda: any("part is back" in one for one in bench.voice.said))
    await crew.stop()


@pytest.mark.parametrize("deaf", ["a full disk", "a reader that is gone"], indirect=True)
async def test_a_part_is_kept_alive_though_nobody_can_be_told(bench: Bench, deaf: int) -> None:
    """The output of the supervisor lies on the full disk, or its reader has gone."""
    bench.speaks = Aloud(console_on(deaf))
    crew = bench.crew()
    await crew.bring_up(bench.part(_SERVE))
    before = crew.pids["part"]
    crew.kill("part")
    await _until(lambda: bool(bench.changes))
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


async def test_parts_stop_in_reverse(bench: Bench) -> None:
    """The last one that was started is the first to go."""
    order = bench.layout.var / "order"
    code = (
        "import signal, sys, time\n"
        "def bye(*_):\n"
        f"    open({str(order)!r}, 'a').write('{{name}} ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, bye)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    crew = bench.crew()
    for name in ("first", "second", "third"):
        await crew.bring_up(bench.part(code.replace("{name}", name), name))
    await crew.stop()
    assert order.read_text().split() == ["third", "second", "first"]


async def test_a_port_lost_at_the_start_is_replaced(bench: Bench) -> None:
    """The part is made once more, on the new port, and the move is said."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen(1)
        port = other.getsockname()[1]
        bench.ports.by_name["api"] = port
        await _up_elsewhere(bench, port)


async def _up_elsewhere(bench: Bench, port: int) -> None:
    crew, made = bench.crew(), 0

    def make() -> Part:
        nonlocal made
        made += 1
        code = _SERVE if bench.ports.by_name["api"] != port else "raise SystemExit(1)"
        part = bench.part(code)()
        return Part(part.name, part.title, part.where, part.command, part.ready, ("api",))

    await crew.bring_up(make)
    assert made == 2
    assert any(f"port {port} for api is taken" in one for one in bench.voice.said)
    await crew.stop()


def test_pauses_grow_and_end() -> None:
    """Five restarts a minute, each later than the one before; the sixth is refused."""
    restarts = Restarts()
    pauses = [restarts.next_pause(now=10.0 + n) for n in range(MOST_A_MINUTE)]
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2]
    assert restarts.next_pause(now=20.0) is None


def test_old_restarts_are_forgiven() -> None:
    """Only the last minute counts."""
    restarts = Restarts()
    for n in range(MOST_A_MINUTE):
        restarts.next_pause(now=float(n))
    assert restarts.next_pause(now=70.0) == 0.2
