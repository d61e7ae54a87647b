"""A dead part is started again; one that cannot live is given up with its last words."""

import asyncio

import pytest

from cli.supervisor.crew import StackFailed
from cli.supervisor.restarts import MOST_A_MINUTE, Restarts
from tests.cli.bench import SERVE, Bench, until


async def test_a_dead_part_is_started_again_and_said_so(bench: Bench) -> None:
    """On its old place, with another process id, which is announced."""
    crew = bench.crew()
    await crew.bring_up(bench.part(SERVE))
    before = crew.pids["part"]
    crew.kill("part")
    await until(lambda: bool(bench.changes))
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
