"""`python -m tests.histories.replay today|reordered [file ...]`: replay recorded histories.

A program of its own because the hash seed of a process is fixed at its start. Prints the
name of each history that no longer agrees with the code, and why.
"""

import asyncio
import gzip
import os
import sys
from pathlib import Path

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from onebox.models import Step
from onebox.progress import Board
from onebox.run import RunEnd, RunInput
from workflows.run_plan import RunPlan
from workflows.step_runs import StepRuns

FOLDER = Path(__file__).parents[1] / "data" / "histories"


class LastFirst(Board):
    """Launches what is ready from the end of the plan."""

    def launch(self) -> list[Step]:
        """In the wrong order."""
        return super().launch()[::-1]


@workflow.defn(name="RunPlan")
class Reordered(RunPlan):
    """Today's workflow but for the order of its steps."""

    @workflow.init
    def __init__(self, start: RunInput) -> None:
        """The same parts on another board."""
        super().__init__(start)
        self._board = LastFirst(start.plan, start.prior, start.max_parallel)
        self._steps = StepRuns(start, self._board)

    @workflow.run
    async def run(self, start: RunInput) -> RunEnd:
        """Inherited; Temporal wants it named."""
        return await super().run(start)


CODE: dict[str, type[RunPlan]] = {"today": RunPlan, "reordered": Reordered}


def histories() -> list[Path]:
    """All that are recorded, the longest first."""
    return sorted(FOLDER.glob("*.json*"), key=lambda path: (-path.stat().st_size, path.name))


async def differences(code: type[RunPlan], files: list[Path]) -> list[str]:
    """What each file's history says against the code."""
    replayer = Replayer(
        workflows=[code],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
    )
    found = [
        (path, await replayer.replay_workflow(_read(path), raise_on_replay_failure=False))
        for path in files
    ]
    return [f"{path.name}: {one.replay_failure}" for path, one in found if one.replay_failure]


def _read(path: Path) -> WorkflowHistory:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return WorkflowHistory.from_json(path.name, text.decode())


if __name__ == "__main__":
    named = [FOLDER / name for name in sys.argv[2:]] or histories()
    for difference in asyncio.run(differences(CODE[sys.argv[1]], named)):
        print(difference, flush=True)  # noqa: T201  the answer
    # A thread of the SDK's that still runs while Python is torn down ends the process with a
    # fatal error now and then: leave without that.
    os._exit(0)
