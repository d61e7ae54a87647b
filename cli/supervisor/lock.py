"""One supervisor a folder: a lock that dies with its owner, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyServed(Exception):  # noqa: N818 - it says what is the case
    """Another supervisor holds the folder."""

    def __init__(self, folder: str, pid: str) -> None:
        super().__init__(
            f"{folder} is served by process {pid} already. Stop it (Ctrl-C there, or kill {pid}),"
            " or choose another folder: make dev VAR=var/other"
        )
        self.pid = pid


@contextmanager
def held(path: Path, shown: str) -> Iterator[None]:
    """Hold the lock file; the kernel lets go of it even after kill -9.

    Raises:
        AlreadyServed: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyServed(shown, file.read().strip() or "of unknown number") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)
