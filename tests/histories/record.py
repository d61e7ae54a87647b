"""`python -m tests.histories.record [shape ...]`: record runs on a real server for the replay.

Record a new shape when there is one. Those that are there stay: they are what running
workflows have in their histories, and today's code must still agree with them.
"""

import asyncio
import contextlib
import gzip
import json
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.histories.shapes import Shape, shapes
from tests.support.temporal import temporal_server_in
from tests.workflows.driven import run_of
from workflows.client import connect
from workflows.sweep import Sweep

FOLDER = Path(__file__).parents[1] / "data" / "histories"
SWEEP = "sweep"
_LARGE = 1_000_000


async def main(names: list[str]) -> None:
    """Record these shapes, or all that have no file yet."""
    known = {path.name.split(".")[0] for path in FOLDER.iterdir()}
    wanted = names or [name for name in (*shapes(), SWEEP) if name not in known]
    with tempfile.TemporaryDirectory() as folder:
        async with temporal_server_in(Path(folder)) as address:
            client = await connect(address, "onebox")
            for name in wanted:
                _write(name, _without_us(await _recorded(client, name), client.identity))


async def _recorded(client: Client, name: str) -> str:
    return await (_a_sweep(client) if name == SWEEP else _a_run(client, shapes()[name]))


async def _a_sweep(client: Client) -> str:
    """The second workflow has one shape."""

    @activity.defn(name="sweep")
    async def swept() -> None:
        pass

    async with Worker(
        client,
        task_queue=SWEEP,
        workflows=[Sweep],
        activities=[swept],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        handle = await client.start_workflow(Sweep.run, id=SWEEP, task_queue=SWEEP)
        await handle.result()
        return (await handle.fetch_history()).to_json()


async def _a_run(client: Client, shape: Shape) -> str:
    run = run_of(
        client,
        shape.steps,
        dict(shape.script),
        effects=dict(shape.effects),
        approvals=shape.approvals,
        seconds=shape.seconds,
        slow=dict(shape.slow),
    )
    async with run as (handle, acts):
        await shape.deed(handle, acts)
        with contextlib.suppress(WorkflowFailureError):  # some shapes fail or are cancelled
            await handle.result()
        return (await handle.fetch_history()).to_json()


def _without_us(text: str, identity: str) -> str:
    """The same history, made by nobody in particular on no machine."""
    text = text.replace(identity, "recorder").replace(socket.gethostname(), "host")
    value = json.loads(text, object_hook=_without_paths)
    return json.dumps(value, separators=(",", ":"))


def _without_paths(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != "stackTrace"}


def _write(name: str, text: str) -> None:
    path = FOLDER / f"{name}.json"
    if len(text) < _LARGE:
        path.write_text(text + "\n")
        return
    path.with_suffix(".json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
