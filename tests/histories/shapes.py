"""Every shape that a run has had so far: its steps, its script, and what is done to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from temporalio.exceptions import ApplicationError

from onebox.models import Step, StepState
from tests.support.builders import step
from tests.workflows.driven import Handle, until_state, waiting
from tests.workflows.scripted import (
    NOT_EXECUTED,
    SENT,
    Answer,
    ScriptedActivities,
    asked,
    done,
    failed,
)
from workflows.run_plan import RunPlan

Deed = Callable[[Handle, ScriptedActivities], Awaitable[None]]


async def _nothing(_handle: Handle, _acts: ScriptedActivities) -> None:
    """The run ends by itself."""


async def _answer(handle: Handle, _acts: ScriptedActivities) -> None:
    await until_state(handle, "m", StepState.AWAITING_CONFIRMATION)
    await handle.signal(RunPlan.nudge, "m")


async def _cancel(handle: Handle, acts: ScriptedActivities) -> None:
    await asyncio.wait_for(acts.seen["w"].wait(), 20)
    await handle.cancel()


async def _answer_early(handle: Handle, acts: ScriptedActivities) -> None:
    await asyncio.wait_for(acts.seen["m"].wait(), 20)
    await handle.signal(RunPlan.nudge, "m")


async def _answer_twice(handle: Handle, acts: ScriptedActivities) -> None:
    """The first nudge says nothing new: the question still stands."""
    await _answer(handle, acts)
    for _ in range(400):
        if acts.calls.count(("run_step", "m", "execute", 0)):
            break
        await asyncio.sleep(0.02)
    await _answer(handle, acts)


async def _cancel_asking(handle: Handle, _acts: ScriptedActivities) -> None:
    await until_state(handle, "m", StepState.AWAITING_CONFIRMATION)
    await handle.cancel()


async def _cancel_sending(handle: Handle, acts: ScriptedActivities) -> None:
    await asyncio.wait_for(acts.seen["m"].wait(), 20)
    await handle.cancel()


async def _cancel_unknown(handle: Handle, _acts: ScriptedActivities) -> None:
    await until_state(handle, "m", StepState.UNKNOWN)
    await handle.cancel()


@dataclass(frozen=True)
class Shape:
    """One kind of run. Effects are pure unless named."""

    steps: Sequence[Step]
    script: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    effects: Mapping[str, str] = field(default_factory=dict)
    approvals: Sequence[str] = ()
    deed: Deed = _nothing
    seconds: float = 0.0
    slow: Mapping[str, float] = field(default_factory=dict)


_MONEY = {"m": "money"}
_ONE = [step("a"), step("m", "a")]
_BEFORE_Z = [step("m"), step("z", "m")]
_THREE = [*(step(f"m{n}") for n in range(3)), step("z", "m0", "m1", "m2")]
_ONE_AFTER = [step("a"), step("z", "a")]
_WIDE = [
    step("a"),
    *(step(f"b{n}", "a") for n in range(5)),
    step("z", *(f"b{n}" for n in range(5))),
]


def shapes() -> dict[str, Shape]:
    """By the name of their file. Questions stand relative to now."""
    later, soon = time.time() + 600, time.time() + 0.1
    return {
        "success": Shape(_WIDE, {"a": [done(n=1)]}, seconds=0.02),
        "failure": Shape(_WIDE, {"b2": [failed()]}, seconds=0.02),
        "wait": Shape([step("w"), step("z", "w")], {"w": [waiting(0.1), done()]}, {"w": "wait"}),
        "confirmation_given": Shape(_ONE, {"m": [asked(later), done()]}, _MONEY, deed=_answer),
        "confirmation_refused": Shape(
            _ONE, {"m": [asked(later), failed("CONFIRMATION_REJECTED")]}, _MONEY, deed=_answer
        ),
        "confirmation_expired": Shape(
            _ONE, {"m": [asked(soon), failed("CONFIRMATION_EXPIRED")]}, _MONEY
        ),
        "cancel": Shape(
            [step("w"), step("z", "w")], {"w": [waiting(3600)]}, {"w": "wait"}, deed=_cancel
        ),
        "cancel_while_unknown": Shape(
            [step("m"), step("z", "m")],
            {"m": [SENT], "m:reconcile": [waiting(0.5), done()]},
            _MONEY,
            approvals=["m"],
            deed=_cancel_unknown,
        ),
        "unknown": Shape(
            _ONE, {"m": [SENT], "m:reconcile": [waiting(0.1), done()]}, _MONEY, approvals=["m"]
        ),
        "second_generation": Shape(
            _ONE, {"m": [SENT], "m:reconcile": [NOT_EXECUTED, done()]}, _MONEY, approvals=["m"]
        ),
        "taken_over": Shape(_ONE_AFTER, {"a": [waiting(0.1), done(n=1)]}),
        "thousand_steps": Shape(_thousand()),
        "seventeen_in_a_row": Shape(_row(20)),
        "answered_before_asked": Shape(
            _ONE, {"m": [asked(later), done()]}, _MONEY, deed=_answer_early, slow={"m": 0.5}
        ),
        "asked_again": Shape(
            _ONE, {"m": [asked(later), asked(later), done()]}, _MONEY, deed=_answer_twice
        ),
        "cancel_while_asking": Shape(_BEFORE_Z, {"m": [asked(later)]}, _MONEY, deed=_cancel_asking),
        "cancel_while_sending": Shape(
            _BEFORE_Z, {}, _MONEY, approvals=["m"], deed=_cancel_sending, slow={"m": 0.5}
        ),
        "failure_while_others_are_sent": Shape(
            _THREE,
            {"m0": [SENT], "m0:reconcile": [waiting(0.5), done()], "m1": [failed()]},
            dict.fromkeys(("m0", "m1", "m2"), "money"),
            approvals=["m0", "m1", "m2"],
            slow={"m1": 0.3, "m2": 1.0},
        ),
        "failure_ends_a_look": Shape(
            [step("w"), step("m"), step("z", "w", "m")],
            {"w": [waiting(3600)], "m": [failed()]},
            {"w": "wait", **_MONEY},
            approvals=["m"],
            slow={"m": 0.3},
        ),
        "lost_after_its_claim": Shape(
            _BEFORE_Z, {"m": [_lost()], "m:reconcile": [done()]}, _MONEY, approvals=["m"]
        ),
        "fenced_to_the_last": Shape(
            _BEFORE_Z, {"m": [SENT], "m:reconcile": [NOT_EXECUTED]}, _MONEY, approvals=["m"]
        ),
        "fault_of_a_look": Shape([step("w"), step("z", "w")], {"w": [_lost()]}, {"w": "wait"}),
        "end_recorded_later": Shape([step("a")], {"record_end": [waiting(0.1), done()]}),
    }


def _lost() -> ApplicationError:
    """An activity that nobody repeats."""
    return ApplicationError("gone", type="Gone", non_retryable=True)


def _row(length: int) -> list[Step]:
    """One after the other."""
    return [step(f"s{n}", *([f"s{n - 1}"] if n else [])) for n in range(length)]


def _thousand() -> list[Step]:
    """1-998-1: as wide as a plan may be."""
    middle = [step(f"s{n}", "first") for n in range(998)]
    return [step("first"), *middle, step("last", *(each.id for each in middle))]
