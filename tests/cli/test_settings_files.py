"""The files that people copy hold names that the programs know."""

import json
import re

import yaml

from cli.supervisor.layout import ROOT
from onebox.settings import Settings
from workflows.engine_settings import load_engine_settings

_KNOWN = {f"ONEBOX_{name.upper()}" for name in Settings.model_fields}
# Inside the containers these are as the image and the other services have them.
_OF_THE_IMAGE = {
    "ONEBOX_CONFIG_DIR",
    "ONEBOX_TEMPORAL_NAMESPACE",
    "ONEBOX_TEMPORAL_UI_URL",
    "ONEBOX_TASK_QUEUE",
    "ONEBOX_API_PORT",
    "ONEBOX_METRICS_PORT",
}


def test_the_example_names_every_setting_and_no_other() -> None:
    """A misspelt name would silently leave a default in force."""
    text = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?(ONEBOX_\w+)=", text, re.MULTILINE))
    assert named == _KNOWN


def test_the_example_is_a_valid_environment() -> None:
    """Copied as it is, it says what the defaults say."""
    text = (ROOT / ".env.example").read_text()
    pairs = re.findall(r"^ONEBOX_(\w+)=(.+)$", text, re.MULTILINE)
    given = Settings.model_validate({name.lower(): value for name, value in pairs})
    for name in ("api_port", "max_parallel", "plan_ttl_seconds", "temporal_address"):
        assert getattr(given, name) == Settings.model_fields[name].default


def test_compose_hands_on_every_setting_that_it_does_not_fix_itself() -> None:
    """What somebody writes into .env reaches the processes that read it."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    api, ics = set(services["api"]["environment"]), set(services["ics"]["environment"])
    assert api == _KNOWN - _OF_THE_IMAGE
    text = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?(ICS_\w+|AA_\w+|RPC_URL)=", text, re.MULTILINE))
    assert named <= ics
    assert {"ONEBOX_FEE_PCT", "ONEBOX_BURN_PCT"} <= ics


def test_compose_speaks_of_settings_that_exist() -> None:
    """And starts Temporal with the engine settings of config/temporal.yaml."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name in ("api", "worker"):
        assert services[name]["environment"].keys() <= _KNOWN
    use = load_engine_settings(ROOT / "config").server
    flags = services["temporal"]["command"]
    for key, value in use.dynamic_config.items():
        assert f"--dynamic-config-value={key}={json.dumps(value)}" in flags
    for key, kind in use.search_attributes.items():
        assert f"--search-attribute={key}={kind}" in flags
