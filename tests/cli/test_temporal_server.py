"""The dev server's command holds every engine setting of config/temporal.yaml."""

from itertools import pairwise
from pathlib import Path

from cli.supervisor import temporal_server
from cli.supervisor.layout import ROOT
from tests.support.temporal import need_temporal
from workflows.engine_settings import load_engine_settings


def test_the_command_says_what_the_file_says() -> None:
    """Namespace, search attributes, pragmas, and dynamic config as JSON."""
    need_temporal()
    use = load_engine_settings(ROOT / "config").server
    words = temporal_server.command(use, Path("var/x/temporal.db"), 7233, 8233)
    pairs = set(pairwise(words))
    assert ("--namespace", "onebox") in pairs
    assert ("--db-filename", "var/x/temporal.db") in pairs
    assert ("--search-attribute", "OneboxPlanId=Keyword") in pairs
    assert ("--sqlite-pragma", "journal_mode=wal") in pairs
    assert ("--dynamic-config-value", "system.enableActivityEagerExecution=true") in pairs
    assert ("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="100ms"') in pairs
    assert len([word for word in words if word == "--dynamic-config-value"]) == len(
        use.dynamic_config
    )
