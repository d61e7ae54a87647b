"""The settings of a process, from the environment: read by entry points and nowhere else."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from onebox.errors import ConfigInvalid

Port = Annotated[int, Field(ge=0, le=65535)]
Percent = Annotated[int, Field(ge=0, le=100)]
Seconds = Annotated[int, Field(ge=1)]
Limit = Annotated[int, Field(ge=0)]


class Settings(BaseSettings):
    """Every setting, as ONEBOX_<NAME>; times in seconds.

    `planner_model` is a model of pydantic-ai, such as openai:gpt-5, for `planner` llm.
    `fee_pct` and `burn_pct` override fees.json; `max_parallel` is the number of steps of
    one run that may be in flight. `max_connections_per_address` and `tenant_requests_per_second`
    are 0 for no limit; unset means none where `api_host` is loopback, else those of `api.limits`.
    """

    model_config = SettingsConfigDict(env_prefix="ONEBOX_", extra="ignore", frozen=True)

    config_dir: Path = Path("config")
    database_url: str = "sqlite+aiosqlite:///var/onebox.db"
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "onebox"
    temporal_ui_url: str = "http://127.0.0.1:8233"
    task_queue: str = "onebox"
    ics_url: str = "http://127.0.0.1:8090"
    ics_token: SecretStr = SecretStr("")
    deployment_file: Path = Path("var/deployment.json")
    api_host: str = "127.0.0.1"
    api_port: Port = 8080
    metrics_port: Port = 9464
    max_connections: Annotated[int, Field(ge=1)] = 2000
    max_connections_per_address: Limit | None = None
    tenant_requests_per_second: Limit | None = None
    fee_pct: Percent | None = None
    burn_pct: Percent | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    confirmation_ttl_seconds: Seconds = 3600
    plan_ttl_seconds: Seconds = 86400
    planner: Literal["rules", "llm"] = "rules"
    planner_model: str = ""
    planner_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 8
    max_parallel: Annotated[int, Field(ge=1, le=1000)] = 16


def load_settings() -> Settings:
    """The settings of this process.

    Raises:
        ConfigInvalid: naming each variable whose value is junk.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            f"ONEBOX_{'_'.join(str(part) for part in found['loc']).upper()}: {found['msg']}"
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigInvalid("; ".join(problems)) from error
