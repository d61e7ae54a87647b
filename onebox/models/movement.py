"""Tokens that move: promised by a simulation, told by receipts, and the one beside the other."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from onebox.models.shape import Shape, StepId
from onebox.models.status import Receipt, StepError
from onebox.models.words import RunState

# The grammar of onebox.money: what does not follow it is no amount, whoever says it.
Amount = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?$")]
Basis = Literal["simulated", "rules"]
LineState = Literal["equal", "different", "pending", "not_reached", "unproved", "not_promised"]
Verdict = Literal["open", "kept", "unproved", "RECEIPT_MISMATCH"]


class Transfer(BaseModel):
    """One Transfer event of the token, as ICS read it; `payer` and `payee` are names, if any."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, populate_by_name=True, serialize_by_alias=True
    )
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    amount: Amount
    payer: str | None = None
    payee: str | None = None


class Movement(Shape):
    """Tokens that a step will move, `amount` in decimal text.

    `payer` and `payee` are parties: `employer` or `signer` (who runs the plan), `agent`,
    `validator` (all of them), `stake_manager`, `fee_pool`, `burnt`, or an address without a
    name. `basis` tells a simulation on the chain from the rules of config/fees.json.
    """

    step_id: str
    payer: str
    payee: str
    amount: str
    basis: Basis
    payer_address: str | None = None
    payee_address: str | None = None


class Promise(Shape):
    """What admission promised; of the `open` steps nobody could tell what they would move."""

    signer: str
    movements: list[Movement] = []
    open: list[StepId] = []


class ReceiptLine(Shape):
    """What one step meant for one party: signed decimal text, None where nobody can say.

    `pending`: the step has not settled; `not_reached`: it will not, or the job ended otherwise
    than promised; `unproved`: done, but without a word of the chain; `not_promised`: nobody
    could foretell it.
    """

    step_id: str
    party: str
    promised: str | None
    happened: str | None
    basis: Basis | None = None
    state: LineState


class ReceiptOut(Shape):
    """The answer of GET /onebox/runs/{id}/receipt: promised against happened.

    `verdict` is `open` until the run has ended, then `kept`, or `unproved` where the chain or
    the admission says nothing of a step that is done; a difference is told at once.
    """

    run_id: str
    plan_id: str
    state: RunState
    verdict: Verdict
    mismatch: StepError | None = None
    lines: list[ReceiptLine] = []
    receipt: Receipt | None = None
