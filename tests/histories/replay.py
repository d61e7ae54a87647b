"""`python -m tests.histories.replay today|<altered> [file ...]`: replay recorded histories.

A program of its own because the hash seed of a process is fixed at its start. Prints the
name of each history that no longer agrees with the code, and why. Temporal compares the
commands; what is handed to an activity is compared here.
"""

import asyncio
import gzip
import os
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.histories.altered import ALTERED, Altered
from tests.histories.handed import Listener, handed_over
from workflows.run_plan import RunPlan
from workflows.sweep import Sweep

FOLDER = Path(__file__).parents[1] / "data" / "histories"


def histories() -> list[Path]:
    """All that are recorded, the longest first."""
    return sorted(FOLDER.glob("*.json*"), key=lambda path: (-path.stat().st_size, path.name))


async def differences(code: type[RunPlan], files: list[Path]) -> list[str]:
    """What each file's history says against the code."""
    listener = Listener()
    replayer = Replayer(
        workflows=[code, Sweep],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
        interceptors=[listener],
    )
    found = []
    for path in files:
        history = _read(path)
        listener.handed.clear()
        replayed = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        why = replayed.replay_failure or handed_over(history) - listener.handed
        found += [f"{path.name}: {why}"] if why else []
    return found


def _read(path: Path) -> WorkflowHistory:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return WorkflowHistory.from_json(path.name, text.decode())


if __name__ == "__main__":
    named = [FOLDER / name for name in sys.argv[2:]] or histories()
    code: type[RunPlan] = RunPlan
    if sys.argv[1] != "today":
        code, Altered.parts = Altered, ALTERED[sys.argv[1]]
    for difference in asyncio.run(differences(code, named)):
        print(difference, flush=True)  # noqa: T201  the answer
    # A thread of the SDK's that still runs while Python is torn down ends the process with a
    # fatal error now and then: leave without that.
    os._exit(0)
