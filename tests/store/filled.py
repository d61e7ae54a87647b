"""A store as runs leave it: rows in every table, one run under way and one that has ended."""

from onebox.models import Role, RunState, StepState
from store import audit, lines, runs, steps, tokens, waits
from store.database import Database
from store.tables import ApprovalRow, CommandRow, PauseRow
from tests.store.made import DAY, NOW, TENANT, admitted, ask, begin, claim, run_row, settle

STEPS = {"post_job": 52_500_000_000_000_000_000, "stake": 3}
ODD = {"b": 10**30, "a": ["\u2028 ✅ \0", None, 0.1], "": {}}


async def filled(db: Database) -> str:
    """The id of the run under way: one step is sent, the other asks."""
    await _ended(db)
    run_id = await admitted(db, STEPS)
    await begin(db, run_id, "stake")
    await claim(db, run_id, "stake")
    await begin(db, run_id)
    await ask(db, run_id)
    async with db.write() as s:
        text = [(b"\xff\x00\r", True), ("✅".encode(), False)]
        await lines.append(s, run_id, "stake", 0, "execute", 0, text, NOW)
        await waits.put(s, run_id, "stake", "a block ✅", NOW, NOW + 0.125)
    await _said(db, run_id)
    return run_id


async def _ended(db: Database) -> None:
    run_id = await admitted(db, nonce="ended")
    await begin(db, run_id)
    assert await settle(db, run_id, await claim(db, run_id), "confirmed", job_id="7")
    async with db.write() as s:
        result = {"outputs": ODD, "receipt": ODD, "error": None}
        await steps.settle(
            s, run_id, "post_job", 0, state=StepState.COMPLETED, now=NOW + 0.1, **result
        )
        await runs.finish(
            s, run_id, state=RunState.FAILED, failed_step="x", error=ODD, now=NOW + 1e-6
        )


async def _said(db: Database, run_id: str) -> None:
    """What people said, and who they are."""
    plan_id = (await run_row(db, run_id)).plan_id
    yes = {"id": "a", "plan_id": plan_id, "approver": "a", "verdict": "approve"}
    said = {"subject": "resolution:x:0", "verdict": "executed", "actor": "a", "heard": False}
    async with db.write() as s:
        await tokens.create(s, user_id="a", tenant=TENANT, role=Role.VIEWER, ens=None, now=NOW)
        await audit.record(
            s, tenant=TENANT, actor="a", role=Role.VIEWER, event="x", fields=ODD, at=NOW
        )
        s.add(ApprovalRow(tenant=TENANT, created_at=NOW, comment="ja ✅", **yes))
        s.add(CommandRow(run_id=run_id, created_at=NOW, evidence="0x\n", **said))
        s.add(PauseRow(scope=f"tenant:{DAY.tenant}", actor="a", since=NOW))
