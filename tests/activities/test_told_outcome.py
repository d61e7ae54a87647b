"""The outcome that comes with an answer's head saves the asking; what is odd about it is asked."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from activities.ics_call import IntentCall
from activities.ics_client import IcsClient
from activities.run_step import RunStep
from onebox.models import IntentStatus, Json, Outcome, Step, StepState
from onebox.run import StepEnd
from tests.activities.conftest import SCREEN, STAKE, World
from tests.activities.hostile import attempt
from tests.support.fake_ics import Answer, veiled

KEY = "run_1:stake:0"
DONE: Json = {"key": KEY, "outcome": "executed", "outputs": {"amount": "20.00"}}
CALL = IntentCall("stake", {}, {}, confirm=True, key=KEY)


@dataclass
class Ics:
    """Says one line, and the outcome twice: with the head, and to whoever asks."""

    key: str
    head: str | None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """POST /intents and GET /intents/{key}."""
        if request.method == "GET":
            return httpx.Response(200, json={**DONE, "key": self.key, "outcome": "dry_run"})
        told = {} if self.head is None else {"Intent-Outcome": self.head}
        return httpx.Response(200, content=_one_line(), headers={"Intent-Key": self.key, **told})

    def client(self) -> IcsClient:
        """The product's client, speaking to this."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return IcsClient("http://ics.test", "t", http)


async def _one_line() -> AsyncIterator[bytes]:
    yield b"one\n"


async def told(head: str | None) -> IntentStatus | None:
    """What came with the head."""
    async with Ics(KEY, head).client().stream(CALL) as heard:
        assert b"".join([chunk async for chunk in heard.chunks]) == b"one\n"
        return heard.told


@pytest.mark.parametrize("outcome", [*Outcome])
async def test_an_outcome_that_will_not_change_by_itself_is_told(outcome: Outcome) -> None:
    """What is in progress, or unknown, is asked for later."""
    found = await told(veiled({**DONE, "outcome": outcome}))
    if outcome in {Outcome.IN_PROGRESS, Outcome.UNKNOWN_KEY}:
        assert found is None
    else:
        assert found is not None
        assert found.outcome is outcome


ODD = {
    "none": None,
    "empty": "",
    "no base64": "✅ Job posted".encode().hex() + "!",
    "no JSON": base64.urlsafe_b64encode(b"executed").decode(),
    "no UTF-8": base64.urlsafe_b64encode(b'{"key": "\xff"}').decode(),
    "no object": veiled([DONE]),
    "another key's": veiled({**DONE, "key": "run_1:other:0"}),
    "another outcome": veiled({**DONE, "outcome": "posted"}),
    "a contradiction": veiled({**DONE, "error": {"code": "X", "message": "x"}}),
    "a name twice": base64.urlsafe_b64encode(
        json.dumps(DONE).encode()[:-1] + b', "outcome": "failed"}'
    ).decode(),
    "9 KB": veiled({**DONE, "waiting_for": "x" * 9_000}),
}


@pytest.mark.parametrize("head", ODD.values(), ids=ODD)
async def test_what_is_odd_is_not_told(head: str | None) -> None:
    """Then the key is asked, as ever."""
    assert await told(head) is None


@pytest.mark.parametrize(("head", "amount"), [("told", "told"), (None, "20.00")])
async def test_who_was_told_does_not_ask(head: str | None, amount: str) -> None:
    """One call of ICS for a dry run instead of two."""
    told = {"key": "dry:1", "outcome": "dry_run", "outputs": {"amount": head}}
    ics = Ics("dry:1", head and veiled(told))
    shown = await ics.client().dry_run("stake", {}, {})
    assert shown.lines == [b"one"]
    assert shown.status.outputs == {"amount": amount}


@pytest.mark.parametrize(("tells", "asked"), [(True, 0), (False, 1)])
@pytest.mark.parametrize("step", [SCREEN, STAKE])
async def test_a_step_that_was_told_does_not_ask(
    world: World, step: Step, asked: int, *, tells: bool
) -> None:
    """One call instead of two, for money as well; it ends the same."""
    world.ics.tells = tells
    world.ics.script["stake"] = [Answer(b"staked\n", outputs={"amount": "20.00"})]
    result = await attempt(RunStep(world.deps).run_step, world, step)
    assert result.state is StepState.COMPLETED
    assert len(world.ics.asked) == asked


async def test_what_was_told_before_a_drop_ends_nothing(world: World) -> None:
    """Lines are missing: the money's key is asked for, and its stream heard again."""
    world.ics.tells = True
    world.ics.script["stake"] = [Answer(b"one\ntwo\n", breaks=True)]
    assert (await attempt(RunStep(world.deps).run_step, world, STAKE)).end is StepEnd.SENT
