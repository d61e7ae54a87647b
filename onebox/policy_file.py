"""The shapes of policies.default.json and org-policies.json; broken ones refuse the start."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from onebox.config_file import wrong
from onebox.dag import escape
from onebox.errors import AmountInvalid, ConfigInvalid
from onebox.models import Json
from onebox.money import parse_amount

_MAX_DAYS = 3650


def _amount(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError("must be decimal text such as 100.00")  # noqa: TRY004  pydantic's way
    try:
        return parse_amount(value)
    except AmountInvalid as error:
        raise ValueError(error.message) from error


def _wei(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 48:  # noqa: PLR2004
        return int(value)
    raise ValueError("must be a whole number of base units, as digits")


Amount = Annotated[int, BeforeValidator(_amount)]
Wei = Annotated[int, BeforeValidator(_wei)]
ToolNames = tuple[Annotated[str, Field(min_length=1, max_length=64)], ...]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


class _Budget(_File):
    token: Literal["AGIALPHA"]
    daily_max: Amount


class _DefaultFile(_File):
    allow_tools: list[str]
    deny_tools: list[str]
    require_validator: bool
    budget: _Budget


class Default(BaseModel):
    """The policy that applies to all; `daily_max` in base units."""

    model_config = ConfigDict(frozen=True)
    allow_tools: ToolNames
    deny_tools: ToolNames
    require_validator: bool
    token: str
    daily_max: int


class _RecordFile(_File):
    max_budget_wei: Wei | None = None
    max_duration_days: Annotated[int, Field(ge=1, le=_MAX_DAYS)] | None = None
    allowed_tools: list[str] | None = None
    denied_tools: list[str] | None = None
    daily_max: Amount | None = None
    updated_at: str | None = None


class Record(BaseModel):
    """How one tenant narrows the default; None leaves it as it is."""

    model_config = ConfigDict(frozen=True)
    max_budget: int | None = None
    max_duration_days: int | None = None
    allowed_tools: ToolNames | None = None
    denied_tools: ToolNames = ()
    daily_max: int | None = None

    def allows(self, tool: str) -> bool:
        """True when `allowed_tools` names the tool; a trailing `*` stands for any rest."""
        if self.allowed_tools is None:
            return True
        return any(_matches(pattern, tool) for pattern in self.allowed_tools)


def read_default(body: Json, path: Path) -> Default:
    """The default policy, or ConfigInvalid with file and pointer."""
    try:
        found = _DefaultFile.model_validate(body)
    except ValidationError as error:
        raise _broken(path, "", error) from error
    return Default(
        allow_tools=tuple(found.allow_tools),
        deny_tools=tuple(found.deny_tools),
        require_validator=found.require_validator,
        token=found.budget.token,
        daily_max=found.budget.daily_max,
    )


def read_record(tenant: str, body: Json, path: Path) -> Record:
    """One tenant's record, or ConfigInvalid with file and pointer."""
    try:
        found = _RecordFile.model_validate(body)
    except ValidationError as error:
        raise _broken(path, f"/{escape(tenant)}", error) from error
    return Record(
        max_budget=found.max_budget_wei,
        max_duration_days=found.max_duration_days,
        allowed_tools=None if found.allowed_tools is None else tuple(found.allowed_tools),
        denied_tools=tuple(found.denied_tools or ()),
        daily_max=found.daily_max,
    )


def _matches(pattern: str, tool: str) -> bool:
    if pattern in {"*", "any", "all"}:
        return True
    return tool.startswith(pattern[:-1]) if pattern.endswith("*") else tool == pattern


def _broken(path: Path, base: str, error: ValidationError) -> ConfigInvalid:
    first = error.errors(include_url=False)[0]
    pointer = base + "".join(f"/{escape(str(part))}" for part in first["loc"])
    return wrong(path, pointer, first["msg"])
