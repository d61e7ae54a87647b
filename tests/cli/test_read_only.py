"""What may not be written is named before any part is started."""

from pathlib import Path

import pytest

from cli.supervisor.files import refuse_read_only
from cli.supervisor.layout import Layout
from tests.support.nobody import as_nobody

WRITTEN = ("onebox.db", "onebox.db-wal", "temporal.db", "ics/journal.db", "chain/state.json")
FOLDERS = ("logs", "chain/cache", "ics/pins")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Every folder and file of a stack that has run, open to everybody."""
    layout = Layout(tmp_path, tmp_path)
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True)
    for name in (*WRITTEN, "logs/api.log", "deployment.json"):
        (tmp_path / name).touch()
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o777)
    for path in tmp_path.parents[:2]:  # of pytest, and closed to others
        path.chmod(0o711)
    return layout


@pytest.mark.parametrize("name", [*WRITTEN, *FOLDERS, "logs/api.log", "."])
def test_each_file_and_folder_that_a_part_writes_is_looked_at(layout: Layout, name: str) -> None:
    """One of them is read-only: it is named, and nothing is started."""
    (layout.var / name).chmod(0o555)
    with as_nobody(), pytest.raises(PermissionError, match="may not be written") as refused:
        refuse_read_only(layout.written)
    (layout.var / name).chmod(0o777)
    assert refused.value.filename == str(layout.var / name)


def test_what_is_only_read_may_be_read_only(layout: Layout) -> None:
    """A deployment is written once; a folder that is not there yet will be made."""
    (layout.var / "deployment.json").chmod(0o444)
    (layout.var / "ics" / "pins").rmdir()
    with as_nobody():
        refuse_read_only(layout.written)
