"""Is there room for what the store has to write?"""

import os
from pathlib import Path

import pytest

from onebox.errors import StoreUnavailable
from store.room import LEAST_BYTES, check_room
from tests.support.nobody import as_nobody


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store, as far as its disk is concerned."""
    path = tmp_path / "onebox.db"
    path.touch()
    return path


def test_a_disk_with_room_is_fine(file: Path) -> None:
    """Tests themselves need more than that."""
    check_room(file)


def test_a_disk_that_is_nearly_full_is_named_with_what_is_left(file: Path) -> None:
    """In megabytes, before the first write fails."""
    left = os.statvfs(file).f_bavail * os.statvfs(file).f_frsize
    with pytest.raises(StoreUnavailable, match=r"disk of onebox.db has \d+ MB left"):
        check_room(file, least=2 * left + LEAST_BYTES)


def test_a_file_that_may_not_be_written_is_named(file: Path) -> None:
    """Reading it goes on, which is why nobody would notice."""
    file.chmod(0o444)
    for path in file.parents[:3]:
        path.chmod(0o711)
    with as_nobody(), pytest.raises(StoreUnavailable, match=r"onebox\.db is read-only"):
        check_room(file)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """Somebody removed the folder under a running stack."""
    with pytest.raises(StoreUnavailable, match=r"absent\.db: No such file"):
        check_room(tmp_path / "absent.db")
