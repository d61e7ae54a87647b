"""What tests of the crew stand on."""

from pathlib import Path

import pytest

from cli.supervisor.layout import Layout
from cli.supervisor.ports import Ports
from tests.cli.bench import Bench, Heard


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """No ports, an empty folder."""
    layout, heard = Layout(tmp_path, tmp_path), Heard()
    return Bench(layout, Ports(layout.ports, {}, {}), heard, heard)
