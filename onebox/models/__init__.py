"""Every shape that crosses a border, shared by planner, simulator, runner and API.

Names and JSON shapes follow the lifecycle contract (docs/contract.md). Models are
frozen and refuse unknown fields; amounts are decimal strings in AGIALPHA; times are
RFC 3339 strings, with unix seconds beside them where the contract has floats.
"""

from onebox.models.confirmation import ConfirmationOut, VerdictIn
from onebox.models.ics import IcsReceipt, IntentStatus
from onebox.models.movement import (
    Movement,
    Promise,
    ReceiptLine,
    ReceiptOut,
    Transfer,
)
from onebox.models.plan import (
    Attachment,
    Budget,
    ChainIdentity,
    Evidence,
    JobIntent,
    Meta,
    MetaIn,
    OrchestrationPlan,
    PlanBasis,
    PlanIn,
    Policies,
    Step,
    StepOutput,
)
from onebox.models.shape import Digest, Json, Shape, StepId, UserId
from onebox.models.simulation import Blocker, ChainCall, PlanOut, RiskDetail, SimIn, SimOut
from onebox.models.status import (
    ExecIn,
    ExecOut,
    Payout,
    Receipt,
    RunInfo,
    StatusOut,
    StepError,
    StepStatus,
    WaitInfo,
)
from onebox.models.words import (
    Effect,
    IntentKind,
    Outcome,
    Role,
    RunState,
    StepKind,
    StepState,
    TxMode,
)

__all__ = [
    "Attachment",
    "Blocker",
    "Budget",
    "ChainCall",
    "ChainIdentity",
    "ConfirmationOut",
    "Digest",
    "Effect",
    "Evidence",
    "ExecIn",
    "ExecOut",
    "IcsReceipt",
    "IntentKind",
    "IntentStatus",
    "JobIntent",
    "Json",
    "Meta",
    "MetaIn",
    "Movement",
    "OrchestrationPlan",
    "Outcome",
    "Payout",
    "PlanBasis",
    "PlanIn",
    "PlanOut",
    "Policies",
    "Promise",
    "Receipt",
    "ReceiptLine",
    "ReceiptOut",
    "RiskDetail",
    "Role",
    "RunInfo",
    "RunState",
    "Shape",
    "SimIn",
    "SimOut",
    "StatusOut",
    "Step",
    "StepError",
    "StepId",
    "StepKind",
    "StepOutput",
    "StepState",
    "StepStatus",
    "Transfer",
    "TxMode",
    "UserId",
    "VerdictIn",
    "WaitInfo",
]
