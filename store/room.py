"""Is there room for what the store has to write? Asked ahead, so that it is known in time.

A write that is rolled back would not tell: SQLite writes at the commit, and into room that its
log has already.
"""

import os
from pathlib import Path

from onebox.errors import StoreUnavailable

# The log of a busy minute; with less left the next writes may be the last ones.
LEAST_BYTES = 16 * 1024 * 1024
_MEGABYTE = 1_000_000


def check_room(file: Path, least: int = LEAST_BYTES) -> None:
    """Look at the disk under a file.

    Raises:
        StoreUnavailable: the disk or the file is read-only, or fewer than `least` bytes are left.
    """
    try:
        disk = os.statvfs(file)
    except OSError as error:
        raise StoreUnavailable(f"{file.name}: {error.strerror}.") from error
    left = disk.f_bavail * disk.f_frsize
    if disk.f_flag & os.ST_RDONLY or not os.access(file, os.W_OK):
        raise StoreUnavailable(f"{file.name} is read-only.")
    if left < least:
        raise StoreUnavailable(f"The disk of {file.name} has {left // _MEGABYTE} MB left.")
