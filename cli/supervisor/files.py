"""Files that are there as a whole or not at all, and may be written."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file; a reader sees the old text or the new one. `mode` holds from the start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)


def refuse_read_only(paths: Iterable[Path]) -> None:
    """Look at what will be written before anything is: a part would fail on it in its own words.

    Raises:
        PermissionError: one is there and may not be written.
    """
    for path in paths:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "may not be written", str(path))
