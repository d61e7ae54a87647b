"""Where a reader of a run stands: opaque text in answers, two counters inside."""

import re
from typing import NamedTuple

from onebox.errors import CursorInvalid

_FORM = re.compile(r"c([0-9]{1,12})\.([0-9]{1,12})", re.ASCII)


class Cursor(NamedTuple):
    """The last line (by its position in the run) and the version of the run that were seen."""

    position: int
    version: int

    def __str__(self) -> str:
        return f"c{self.position}.{self.version}"


START = Cursor(0, 0)


def parse_cursor(text: str | None) -> Cursor | None:
    """The cursor that an earlier answer gave, None where none is sent.

    Raises:
        CursorInvalid: the text is not a cursor of ours.
    """
    if text is None:
        return None
    found = _FORM.fullmatch(text)
    if found is None:
        raise CursorInvalid(f"{text[:60]!r} is not a cursor.")
    return Cursor(int(found[1]), int(found[2]))
