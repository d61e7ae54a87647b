"""The Temporal dev server: its command, out of config/temporal.yaml."""

import json
from datetime import timedelta
from pathlib import Path

from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client

from cli.preflight.places import TEMPORAL_PATH
from cli.supervisor.ports import HOST
from workflows.engine_settings import ServerSettings


class TemporalMissing(Exception):  # noqa: N818 - it says what is the case
    """No preflight has recorded where the server is."""

    def __init__(self) -> None:
        super().__init__("No Temporal server is recorded. `make preflight` finds or builds one.")


def binary() -> Path:
    """The server that the preflight recorded.

    Raises:
        TemporalMissing: it recorded none, or that one is gone.
    """
    try:
        path = Path(TEMPORAL_PATH.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise TemporalMissing from error
    if not path.is_file():
        raise TemporalMissing
    return path


def command(use: ServerSettings, database: Path, port: int, ui_port: int) -> list[str]:
    """Start it on one file, with the namespace, search attributes and settings of ours."""
    words = [str(binary()), "server", "start-dev", "--ip", HOST, "--log-level", "warn"]
    words += ["--port", str(port), "--ui-port", str(ui_port), "--ui-ip", HOST]
    words += ["--db-filename", str(database), "--namespace", use.namespace]
    words += _pairs("--search-attribute", use.search_attributes)
    words += _pairs("--sqlite-pragma", use.sqlite_pragmas)
    in_json = {key: json.dumps(value) for key, value in use.dynamic_config.items()}
    return words + _pairs("--dynamic-config-value", in_json)


async def keep_history(address: str, use: ServerSettings) -> None:
    """Make closed runs stay in the Web UI for as long as the settings say, not for a day."""
    client = await Client.connect(address, namespace=use.namespace)
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(timedelta(hours=use.retention_hours))
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=use.namespace, config=config)
    )


def _pairs(flag: str, values: dict[str, str]) -> list[str]:
    return [word for key, value in values.items() for word in (flag, f"{key}={value}")]
