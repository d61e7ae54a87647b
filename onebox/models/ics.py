"""What ICS answers, as far as OneBox reads it."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from onebox.models.movement import Amount, Transfer
from onebox.models.shape import Json
from onebox.models.status import Payout, StepError
from onebox.models.words import Outcome

# Gas, or wei: what Python calls a digit is more than this.
Whole = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,78}$")]


class IcsPayout(Payout):
    """Who was paid, as the handler says."""

    model_config = ConfigDict(extra="ignore")
    amount: Amount


class IcsReceipt(BaseModel):
    """What the handler did on the chain and in the pin store.

    `transfers` are the events of its transactions, in order; None where it tells of none.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    txes: list[str] = []
    cids: list[str] = []
    payouts: list[IcsPayout] = []
    transfers: list[Transfer] | None = None


class IntentStatus(BaseModel):
    """`GET /intents/{key}` of ICS: the typed outcome. Fields unknown to us are ignored.

    `predicted` names outputs of a dry run that may come out differently. What says that it was
    done and why it was not says nothing.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    key: str
    outcome: Outcome
    outputs: Json | None = None
    error: StepError | None = None
    receipt: IcsReceipt | None = None
    retry_after: float | None = None
    waiting_for: str | None = None
    gas: Whole | None = None
    fee_wei: Whole | None = None
    digest: str | None = None
    lines: int | None = None
    predicted: list[str] = []

    @field_validator("error", mode="before")
    @classmethod
    def _known_members(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: value[name] for name in StepError.model_fields if name in value}

    @model_validator(mode="after")
    def _speaks_with_one_voice(self) -> Self:
        if self.outcome is Outcome.EXECUTED and self.error is not None:
            raise ValueError("executed, with an error")
        return self
