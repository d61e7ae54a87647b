"""What ICS answers, as far as OneBox reads it."""

from pydantic import BaseModel, ConfigDict

from onebox.models.movement import Transfer
from onebox.models.shape import Json
from onebox.models.status import Payout, StepError
from onebox.models.words import Outcome


class IcsReceipt(BaseModel):
    """What the handler did on the chain and in the pin store.

    `transfers` are the events of its transactions, in order; None where it tells of none.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    txes: list[str] = []
    cids: list[str] = []
    payouts: list[Payout] = []
    transfers: list[Transfer] | None = None


class IntentStatus(BaseModel):
    """`GET /intents/{key}` of ICS: the typed outcome. Fields unknown to us are ignored.

    `predicted` names outputs of a dry run that may come out differently.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    key: str
    outcome: Outcome
    outputs: Json | None = None
    error: StepError | None = None
    receipt: IcsReceipt | None = None
    retry_after: float | None = None
    waiting_for: str | None = None
    gas: str | None = None
    fee_wei: str | None = None
    digest: str | None = None
    lines: int | None = None
    predicted: list[str] = []
