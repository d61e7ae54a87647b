"""`onebox demo`: the story on a stack of its own, and the report that it leaves."""

import asyncio
import json
import shutil
import time
from pathlib import Path

import httpx

from cli.client import ApiError, OneBox
from cli.demo.followed import StoryBroken
from cli.demo.ledger import Ledger
from cli.demo.narrator import Narrator
from cli.demo.story import Ending, Story
from cli.demo.sums import report_of
from cli.supervisor.crew import StackFailed
from cli.supervisor.files import write_atomically
from cli.supervisor.layout import ROOT
from cli.supervisor.lock import AlreadyServed, held
from cli.supervisor.supervisor import Supervisor
from cli.supervisor.temporal_server import TemporalMissing
from onebox.contract import load_contract
from onebox.deployment import load_deployment
from onebox.models import Effect, Json
from workflows.client import workflow_id

# Seconds of the commit and the reveal window: long enough for a vote, short enough to watch.
WINDOWS = (6, 6)
_PATIENCE = httpx.Timeout(90.0)
_TROUBLE = (
    AlreadyServed,
    ApiError,
    OSError,
    StackFailed,
    StoryBroken,
    TemporalMissing,
    httpx.HTTPError,
)


async def demo(var: Path) -> int:
    """Tell the story from an empty folder.

    Returns:
        0 only when the job is paid and every sum is equal to the base unit.
    """
    tell = Narrator()
    try:
        ending = await _told(var, tell)
    except _TROUBLE as trouble:
        tell.trouble(str(trouble))
        return 1
    return 0 if ending.equal else 1


async def _told(var: Path, tell: Narrator) -> Ending:
    began = time.monotonic()
    _clear(var, tell)
    tell.chapter("Starting chain, ICS, Temporal, API and worker")
    async with Supervisor(var, windows=WINDOWS, quiet=True) as up:
        tell.say(f"  up after {time.monotonic() - began:.0f} s, state in {up.layout.shown}")
        ending = await _unless_broken(up, tell)
        report = _report(ending, time.monotonic() - began)
        write_atomically(up.layout.var / "report.json", json.dumps(report, indent=2) + "\n")
        _close(up, ending, report, tell)
    return ending


async def _unless_broken(up: Supervisor, tell: Narrator) -> Ending:
    """The story's end, or the trouble of a part that cannot be kept alive."""
    async with httpx.AsyncClient(
        base_url=up.endpoints.api, timeout=_PATIENCE, trust_env=False
    ) as http:
        story = _story(up, http, tell)
        told = asyncio.create_task(story.run())
        broken = asyncio.create_task(up.broken())
        await asyncio.wait({told, broken}, return_when=asyncio.FIRST_COMPLETED)
        await story.stop()
        broken.cancel()
        (trouble,) = await asyncio.gather(broken, return_exceptions=True)
        if isinstance(trouble, StackFailed):
            told.cancel()
            raise trouble
        return await told


def _story(up: Supervisor, http: httpx.AsyncClient, tell: Narrator) -> Story:
    addresses = load_deployment(up.deployment_file).addresses
    tools = load_contract(ROOT / "config").tools.values()
    return Story(
        users={name: OneBox(name, token.token, http) for name, token in up.tokens.items()},
        ledger=Ledger(up.endpoints.chain, addresses.token, http),
        pool=addresses.fee_pool,
        money_tools=frozenset(tool.tool for tool in tools if tool.effect is Effect.MONEY),
        tell=tell,
    )


def _clear(var: Path, tell: Narrator) -> None:
    """A demo begins from nothing; only what an earlier demo left is taken away.

    Raises:
        AlreadyServed: somebody looks at the earlier demo just now.
        FileExistsError: the folder holds something else.
    """
    if not var.exists() or not any(var.iterdir()):
        return
    if not (var / "ports.json").exists():
        raise FileExistsError(f"{var} is not empty and no stack made it: name another folder.")
    with held(var / "lock", str(var)):
        tell.say(f"{var} holds an earlier demo: it is replaced.")
    shutil.rmtree(var)


def _report(ending: Ending, seconds: float) -> Json:
    return report_of(
        ending.receipt,
        run_id=ending.run.run_id,
        state=ending.status.run.state.value,
        lines=ending.run.lines,
        seconds=seconds,
    )


def _close(up: Supervisor, ending: Ending, report: Json, tell: Narrator) -> None:
    """Who was paid what, what is still held, and where to look next."""
    tell.sums(ending.sums)
    var, run = up.layout.shown, workflow_id(ending.run.run_id)
    equal = "every sum is equal to the base unit" if ending.equal else "SUMS DIFFER"
    tell.say(f"Job {report['job_id']} {report['state']}: still held {report['held']}; {equal}.")
    tell.say(f"Report: {var}/report.json   ({report['lines']} lines, {report['seconds']} s)")
    page = f"{up.endpoints.ui}/namespaces/{up.stack.server.namespace}/workflows/{run}"
    tell.chapter("Next")
    tell.say(f"  make dev VAR={var}     serve this state again; then the run's page is at")
    tell.say(f"  {page}")
    tell.say("  make dev                  your own chain and users, state kept in var/dev")
    tell.say("  make test                 everything that must hold")
