"""What every shape has in common."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

Json = dict[str, Any]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
UserId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]


class Shape(BaseModel):
    """Frozen, strict about fields, dumped by alias."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True
    )
