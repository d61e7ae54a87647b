"""Lines come back byte for byte."""

import base64
import json

from tests.api import runs
from tests.api.runs import a_run
from tests.api.world import World

ODD = (b"\xf0\x9f\x93\xa6 pinned\r", b"", b"\x00\xff\xfe bytes", b"  spaces  ", b"no end")


async def test_raw_lines_are_what_the_handler_sent(world: World) -> None:
    """NUL, invalid UTF-8, carriage returns, blanks, and a missing last newline."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "pin_spec")
    await runs.write(world, run_id, "pin_spec", *ODD, eol=False)
    answer = await world.get(f"/runs/{run_id}/lines")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.content == b"\n".join(ODD)


async def test_ndjson_names_step_gen_and_seq(world: World) -> None:
    """Text where it is UTF-8, base64 where it is not."""
    run_id = await a_run(world)
    await runs.begin(world, run_id, "pin_spec")
    await runs.write(world, run_id, "pin_spec", *ODD)
    headers = {**world.auth("viewer"), "Accept": "application/x-ndjson"}
    answer = await world.http.get(f"/onebox/runs/{run_id}/lines", headers=headers)
    assert answer.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in answer.content.split(b"\n")[:-1]]
    assert [(row["step"], row["gen"], row["seq"]) for row in rows] == [
        ("pin_spec", 0, seq) for seq in range(1, 6)
    ]
    said = [
        row["text"].encode() if "text" in row else base64.b64decode(row["base64"]) for row in rows
    ]
    assert tuple(said) == ODD
    assert ["text" in row for row in rows] == [True, True, False, True, True]


async def test_lines_of_one_step_and_after_a_cursor(world: World) -> None:
    """`step` filters, `after` takes what Next-Cursor or status gave."""
    run_id = await a_run(world)
    for step in ("moderation_gate", "pin_spec"):
        await runs.begin(world, run_id, step)
        await runs.write(world, run_id, step, step.encode())
    only = await world.get(f"/runs/{run_id}/lines", step="pin_spec")
    assert only.content == b"pin_spec\n"
    cursor = only.headers["Next-Cursor"]
    assert (await world.get(f"/runs/{run_id}/lines", after=cursor)).content == b""
    unknown = await world.get(f"/runs/{run_id}/lines", step="nope")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "STEP_NOT_FOUND")
