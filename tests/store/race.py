"""Races between processes: started, lined up, let go at once."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process


async def race(url: str, *deeds: tuple[str, ...]) -> list[str]:
    """What each process of the race answered, in the order of `deeds`."""
    racers = [await _start(url, deed) for deed in deeds]
    for racer in racers:
        assert racer.stdout is not None
        assert await racer.stdout.readline() == b"ready\n"
    answers = await asyncio.gather(*(racer.communicate(b"go\n") for racer in racers))
    assert [racer.returncode for racer in racers] == [0] * len(racers)
    return [out.decode().strip() for out, _ in answers]


async def _start(url: str, deed: tuple[str, ...]) -> Process:
    command = (sys.executable, "-m", "tests.store.racer", url, *deed)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
