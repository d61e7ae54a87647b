"""One trace, user and road from the sentence to the chain and the logs, word for word."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.common import SearchAttributeKey

from activities.ics_client import IcsClient
from cli.client import OneBox
from cli.demo.ledger import Ledger
from cli.supervisor.supervisor import Supervisor
from onebox.deployment import load_deployment
from onebox.digest import key_of
from onebox.models import Json, StatusOut
from tests.e2e.lifecycle import ended
from workflows.client import connect, workflow_id

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]
STEP = "deposit_stake"


async def planned(http: httpx.AsyncClient, user: OneBox, meta: Json) -> Json:
    """The plan of a stake, under this meta."""
    body = {"input_text": "Stake 1 AGIALPHA as an agent", "meta": meta}
    auth = {"Authorization": f"Bearer {user.token}"}
    answer = await http.post("/onebox/plan", json=body, headers=auth)
    assert answer.status_code == 200, answer.text
    plan: Json = answer.json()["plan"]
    return plan


async def workflow_of(up: Supervisor, run_id: str) -> tuple[Json, str]:
    """The input of the run's workflow, and the trace that its search attribute has."""
    client = await connect(up.endpoints.temporal, "onebox")
    handle = client.get_workflow_handle(workflow_id(run_id))
    found = (await handle.describe()).typed_search_attributes
    async for event in handle.fetch_history_events():
        started = event.workflow_execution_started_event_attributes
        given: Json = json.loads(started.input.payloads[0].data)
        return given, found[SearchAttributeKey.for_keyword("OneboxTraceId")]
    pytest.fail("the workflow has no history")


def journalled(up: Supervisor, key: str) -> tuple[str, str, list[str]]:
    """The meta as ICS wrote it down, the plan that it was named, and the lines of the key."""
    file = f"file:{up.layout.journal}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as db:
        asked = "SELECT meta, plan_id FROM intent WHERE key = ?"
        meta, plan_id = db.execute(asked, (key,)).fetchone()
        rows = db.execute("SELECT text FROM line WHERE key = ? ORDER BY n", (key,))
        return meta, plan_id, [text for (text,) in rows]


def logged(file: Path, run_id: str) -> list[dict[str, Any]]:
    """Each line of a log that names the run."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if run_id in line and line.startswith("{")]
    return [line for line in found if line.get("run_id") == run_id]


async def test_one_trace_is_followed_from_the_sentence_to_the_logs(
    up: Supervisor, users: dict[str, OneBox], http: httpx.AsyncClient
) -> None:
    """Plan, workflow input, search attribute, ICS, journal, lines, receipt, chain, logs."""
    meta = {"traceId": str(uuid4()), "txMode": "direct"}
    whole, trace = {"userId": "agent", **meta}, meta["traceId"]
    plan = await planned(http, users["agent"], meta)
    assert plan["metadata"] == whole
    run_id = (await users["agent"].execute(plan["plan_id"], [STEP])).run_id
    found = await ended(users["agent"], run_id)
    given, attribute = await workflow_of(up, run_id)
    assert (given["plan"]["metadata"], attribute) == (whole, trace)
    written, plan_id, lines = journalled(up, key_of(run_id, STEP, 0))
    assert written == json.dumps(whole, separators=(",", ":"))
    assert (plan_id, lines) == (plan["plan_id"], found.logs)
    assert found.receipts is not None
    assert {found.run.trace_id, found.receipts.trace_id} == {trace}
    await _signed_by_the_user(up, http, found)
    _in_every_log(up, run_id, plan["plan_id"], trace)


async def _signed_by_the_user(up: Supervisor, http: httpx.AsyncClient, found: StatusOut) -> None:
    """The chain's own word: every transaction came from the signer of meta.userId."""
    assert found.receipts is not None
    assert found.receipts.txes
    ics = IcsClient(up.endpoints.ics, up.stack.ics_token, http)
    signer = (await ics.faucet("agent"))["address"].lower()
    ledger = Ledger(up.endpoints.chain, load_deployment(up.deployment_file).addresses.token, http)
    assert {(await ledger.sent(tx)).by for tx in found.receipts.txes} == {signer}


def _in_every_log(up: Supervisor, run_id: str, plan_id: str, trace: str) -> None:
    """OneBox and ICS say the same three ids in each line about the run."""
    for part, said in {"api": "event", "ics": "msg"}.items():
        lines = logged(up.layout.log(part), run_id)
        ids = {(line.get("plan_id"), line.get("trace_id")) for line in lines}
        assert ids == {(plan_id, trace)}, part
        events = {line[said] for line in lines}
        wanted = {"api": {"ics.call", "activity.done"}, "ics": {"call taken in", "call ended"}}
        assert wanted[part] <= events, part
