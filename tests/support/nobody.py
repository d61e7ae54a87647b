"""Root may write everything: then a test of what may not be written is somebody else's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """As an ordinary user, who does not own the files; without root's rights as one is."""
    if os.getuid() != 0:
        yield
        return
    mine, group = os.getresuid(), os.getresgid()
    os.setresgid(_NOBODY, _NOBODY, 0)
    os.setresuid(_NOBODY, _NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(*mine)
        os.setresgid(*group)
