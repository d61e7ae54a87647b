"""config/temporal.yaml, read by the worker and by the supervisor's dev server."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class ServerSettings(BaseModel):
    """What the server is started with; dynamic config values are JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    namespace: str
    retention_hours: int
    search_attributes: dict[str, str]
    sqlite_pragmas: dict[str, str]
    environment: dict[str, str]
    dynamic_config: dict[str, bool | int | str]


class WorkerSettings(BaseModel):
    """What each worker process is started with."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    max_concurrent_activities: int
    max_concurrent_local_activities: int
    max_concurrent_workflow_tasks: int
    max_cached_workflows: int
    workflow_task_polls: int
    activity_task_polls: int
    sticky_timeout_seconds: float
    graceful_shutdown_seconds: float
    sandboxed: bool


class EngineSettings(BaseModel):
    """The whole file; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    server: ServerSettings
    worker: WorkerSettings


def load_engine_settings(config_dir: Path) -> EngineSettings:
    """Read `temporal.yaml` of a config folder.

    Raises:
        pydantic.ValidationError: a key is missing or unknown.
    """
    text = (config_dir / "temporal.yaml").read_text(encoding="utf-8")
    return EngineSettings.model_validate(yaml.safe_load(text))
