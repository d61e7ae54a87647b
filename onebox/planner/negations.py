"""What the text forbids: `don't cancel job 7` names a job only to leave it alone."""

from collections.abc import Sequence
from typing import TypeVar

from onebox.planner.manners import NEGATED
from onebox.planner.mentions import Mention
from onebox.planner.normalise import Reading

M = TypeVar("M", bound=Mention)


def allowed(reading: Reading, mentions: Sequence[M]) -> list[M]:
    """The mentions outside of what is forbidden; all of them where none is outside."""
    if len(mentions) < 2:  # noqa: PLR2004
        return list(mentions)
    barred = [
        (reading.token_at(m.start() + 1), reading.token_at(m.end() - 1))
        for m in NEGATED.finditer(reading.plain)
    ]
    kept = [m for m in mentions if not any(a <= m.first <= b for a, b in barred)]
    return kept or list(mentions)
