"""The workflows stay valid in the sandbox that production leaves out (docs/adr/0004)."""

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from workflows.run_plan import RunPlan
from workflows.sweep import Sweep


def test_the_workflows_pass_the_sandbox() -> None:
    """Preparing them in the sandbox raises where a module does what workflow code may not."""
    Replayer(
        workflows=[RunPlan, Sweep],
        workflow_runner=SandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
    )
