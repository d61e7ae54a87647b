"""OneBox's copy of a long stream: the ICS client, the transcript, the store, its reader."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from activities.ics_client import IcsClient, IntentCall
from activities.transcript import Line, Transcript
from bench.handler import LINES, stamp_of
from bench.sides import admission
from bench.work import SIX, TENANT, USER, plan_of
from cli.supervisor.layout import ROOT
from onebox.contract import load_contract
from onebox.models import ChainIdentity, OrchestrationPlan
from store import lines, plans, runs
from store.database import Database

_PHASE, _PAGE, _POLL_SECONDS = "execute", 1_000, 0.01
_NO_CHAIN = ChainIdentity(chain_id=1, registry="0x" + "1" * 40, token="0x" + "2" * 40)


async def copy(url: str, folder: Path, heard: Callable[[float], None]) -> None:
    """Every line into the store and out again; `heard` gets the delay of each, seconds."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'ours.db'}")
    await db.migrate()
    plan = plan_of(SIX, load_contract(ROOT / "config"), _NO_CHAIN)
    run_id = await _admitted(db, plan)
    try:
        await asyncio.gather(_written(db, url, run_id, plan), _read(db, run_id, heard))
    finally:
        await db.close()


async def _admitted(db: Database, plan: OrchestrationPlan) -> str:
    now = time.time()
    async with db.write() as session:
        await plans.save(session, plan, tenant=TENANT, user_id=USER, input_text=None, now=now)
    async with db.write() as session:
        row, _ = await runs.admit(session, admission(plan, now))
    return row.run_id


async def _written(db: Database, url: str, run_id: str, plan: OrchestrationPlan) -> None:
    step = plan.steps[0].id

    async def append(first: int, fresh: Sequence[Line]) -> None:
        async with db.write() as session:
            await lines.append(session, run_id, step, 0, _PHASE, first, fresh, time.time())

    call = IntentCall(intent="talk", params={}, meta={}, confirm=True, key=f"{run_id}:{step}:0")
    async with (
        httpx.AsyncClient(trust_env=False) as http,
        IcsClient(url, "bench", http).stream(call) as taken,
    ):
        await Transcript([], append).copy(taken.chunks)


async def _read(db: Database, run_id: str, heard: Callable[[float], None]) -> None:
    position = 0
    while position < LINES:
        async with db.read() as session:
            rows = await lines.after(session, run_id, position, _PAGE)
        now = time.time()
        for row in rows:
            heard(now - stamp_of(row.data))
        position = rows[-1].position if rows else position
        await asyncio.sleep(0 if rows else _POLL_SECONDS)
