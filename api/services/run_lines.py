"""The handlers' lines of a run, byte for byte."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from api.auth import Caller
from api.cursor import START, Cursor
from api.deps import Deps
from api.services.run_rows import load_run
from onebox.errors import CursorInvalid, StepNotFound
from store import lines, steps
from store.lines import StoredLine


@dataclass(frozen=True)
class RunLines:
    """Lines in the order of the run, and where the next reader goes on."""

    rows: Sequence[StoredLine]
    next_cursor: Cursor

    def raw(self) -> bytes:
        """What the handlers sent, newlines where they sent them."""
        return b"".join(row.data + (b"\n" if row.eol else b"") for row in self.rows)

    def ndjson(self) -> bytes:
        """One JSON object a line: step, gen, seq, phase, eol, and text or base64."""
        return b"".join(_as_json(row) + b"\n" for row in self.rows)


async def run_lines(
    deps: Deps, caller: Caller, run_id: str, step_id: str | None, after: Cursor | None
) -> RunLines:
    """Lines after the cursor, of one step or of all.

    Raises:
        RunNotFound: unknown, or another tenant's.
        StepNotFound: the run has no such step.
        CursorInvalid: the cursor is of another run.
    """
    position = (after or START).position
    async with deps.db.read() as session:
        run = await load_run(session, caller, run_id)
        if position > run.line_count:
            raise CursorInvalid("The cursor is of another run.")
        known = {row.step_id for row in await steps.of_run(session, run_id)}
        if step_id is not None and step_id not in known:
            raise StepNotFound(f"The run has no step {step_id[:64]!r}.")
        found = await lines.of_step(session, run_id, step_id, position)
    rows = [row for row in found if row.position <= run.line_count]
    return RunLines(rows, Cursor(run.line_count, run.version))


def _as_json(row: StoredLine) -> bytes:
    facts = {
        "step": row.step_id,
        "gen": row.gen,
        "seq": row.seq,
        "phase": row.phase,
        "eol": row.eol,
        **_content(row.data),
    }
    return json.dumps(facts, ensure_ascii=False).encode()


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
