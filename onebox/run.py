"""What travels between the workflow and its activities. Small: references and digests, no lines."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onebox.models import (
    Digest,
    Json,
    Meta,
    OrchestrationPlan,
    RunState,
    Shape,
    Step,
    StepError,
    StepId,
    StepState,
)

Gen = Annotated[int, Field(ge=0)]


class Phase(StrEnum):
    """Why a handler is called: to show what it would do, or to do it."""

    PREVIEW = "preview"
    EXECUTE = "execute"


class RunInput(Shape):
    """The workflow's input: the stored plan and what admission fixed for this run.

    `deadlines` maps a step to its instant in unix seconds; `approvals` are the steps
    confirmed in advance; `prior` holds outputs that an earlier run has proved; `gens`
    the generation at which a step of a child run begins. `local_in_a_row` is how many short
    steps one workflow task takes: 16 in histories of before it was told.
    """

    run_id: str
    root_run_id: str
    tenant: str
    plan: OrchestrationPlan
    effects: dict[StepId, str]
    approvals: list[StepId] = []
    deadlines: dict[StepId, int] = {}
    prior: dict[StepId, Json] = {}
    gens: dict[StepId, Gen] = {}
    max_parallel: int = 16
    local_in_a_row: int = 16


class StepTask(Shape):
    """One call of an activity: a step, its generation, and the outputs it refers to."""

    run_id: str
    root_run_id: str
    tenant: str
    plan_id: Digest
    meta: Meta
    step: Step
    gen: Gen = 0
    phase: Phase = Phase.EXECUTE
    outputs: dict[StepId, Json] = {}
    deadline_at: int | None = None
    approved: bool = False


class StepEnd(StrEnum):
    """How an activity left its step."""

    SETTLED = "settled"
    ASKED = "asked"
    SENT = "sent"
    NOT_EXECUTED = "not_executed"


class StepResult(Shape):
    """What an activity tells the workflow. `state` is final only where `end` is settled.

    `ask_until` (unix seconds) is when the question expires, where one was asked. The
    lines themselves are in the store; history keeps their count and digest.
    """

    end: StepEnd
    state: StepState
    outputs: Json = {}
    error: StepError | None = None
    ask_until: float | None = None
    lines: int = 0
    lines_sha256: str | None = None


class RunEnd(Shape):
    """How a run ended; the input of record_end and the workflow's result."""

    run_id: str
    plan_id: Digest
    trace_id: str
    state: RunState
    failed_step: StepId | None = None
    error: StepError | None = None


class LiveState(Shape):
    """The workflow's answer to the `state` query."""

    state: RunState
    steps: dict[StepId, StepState]
    gens: dict[StepId, Gen] = {}
