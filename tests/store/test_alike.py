"""What one kind of store takes and finds, the other takes and finds in the same way."""

import pytest

from onebox.errors import RunNotFound
from onebox.models import Json, StepState
from store import decisions, lines, movements, plans, runs, steps, waits
from store.database import Database
from tests.store.made import (
    DIGEST,
    NOW,
    TENANT,
    admitted,
    ask,
    begin,
    movement_row,
    plan_with,
    step_row,
)

NUL, HALF = "a\0b", "a\ud800b"
# As it is put in, and as it comes out again.
TEXTS = {
    "nul": (NUL, "a\N{SYMBOL FOR NULL}b"),
    "half a character": (HALF, "a?b"),
    "no characters": ("\ufeff\uffff\U0010ffff\u202e", "\ufeff\uffff\U0010ffff\u202e"),
    "a million": ("x🧪" * 500_000, "x🧪" * 500_000),
}
OUTPUTS: list[Json] = [
    {"b": 1, "a": 2, "aa": {"z": None, "": []}},
    {"nul": NUL, "half": HALF, "line": "\u2028", NUL: "name"},
    {"int": 10**400, "float": 1.5e308, "small": 5e-324, "minus": -0.0},
]


@pytest.mark.parametrize("name", TEXTS)
async def test_any_text_is_stored_and_read_back(db: Database, name: str) -> None:
    """What somebody says, what a step waits for, what was asked of the planner."""
    said, stored = TEXTS[name]
    run_id = await admitted(db)
    question = await ask(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", said, NOW, None)
        await decisions.decide(
            s, question, TENANT, verdict="reject", digest=DIGEST, actor="a", comment=said, now=NOW
        )
        plan = plan_with(nonce="asked")
        await plans.save(s, plan, tenant=TENANT, user_id="a", input_text=said, now=NOW)
    async with db.read() as s:
        assert [row.waiting_for for row in await waits.of_run(s, run_id)] == [stored]
        assert (await decisions.load(s, question, TENANT)).comment == stored
        assert (await plans.load_row(s, plan.plan_id, TENANT)).input_text == stored


@pytest.mark.parametrize("name", TEXTS)
async def test_what_no_id_can_be_is_not_found(db: Database, name: str) -> None:
    """A run of such a name is one that is not there."""
    async with db.read() as s:
        with pytest.raises(RunNotFound):
            await runs.load(s, TEXTS[name][0], None)
        assert await lines.of_step(s, TEXTS[name][0], TEXTS[name][0], 0) == []


@pytest.mark.parametrize("outputs", OUTPUTS)
async def test_outputs_come_back_as_they_were(db: Database, outputs: Json) -> None:
    """Order of names, NUL, halves of characters and numbers of any size included."""
    run_id = await admitted(db)
    result = {"outputs": outputs, "receipt": outputs, "error": outputs}
    async with db.write() as s:
        await steps.settle(s, run_id, "post_job", 0, state=StepState.COMPLETED, now=NOW, **result)
    row = await step_row(db, run_id)
    assert repr((row.outputs, row.receipt, row.error)) == repr((outputs,) * 3)


async def test_the_approval_of_the_longest_step_id_fits(db: Database) -> None:
    """A step id may have 64 characters; its approval names plan and step."""
    step_id = "s" * 64
    run_id = await admitted(db, {step_id: 5})
    await begin(db, run_id, step_id)
    ref = f"approval:{'p' * 64}:{step_id}"
    async with db.write() as s:
        await movements.claim(
            s, run_id, step_id, 0, digest=DIGEST, not_after=NOW + 20, verdict_ref=ref, now=NOW
        )
    assert (await movement_row(db, run_id, step_id)).verdict_ref == ref
