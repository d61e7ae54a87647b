"""The words of states, kinds, roles and outcomes."""

from enum import StrEnum


class IntentKind(StrEnum):
    """What a sentence asks for; `custom` is everything OneBox does not do."""

    POST_JOB = "post_job"
    APPLY = "apply"
    SUBMIT = "submit"
    FINALIZE = "finalize"
    VALIDATE = "validate"
    DISPUTE = "dispute"
    STAKE = "stake"
    WITHDRAW = "withdraw"
    ADMIN_SET = "admin_set"
    CANCEL = "cancel"
    RECLAIM = "reclaim"
    CUSTOM = "custom"


class StepKind(StrEnum):
    """The field's word for what a step does to the world."""

    PLAN = "plan"
    PIN = "pin"
    CHAIN = "chain"
    LLM = "llm"
    CODE = "code"
    FETCH = "fetch"
    VALIDATE = "validate"
    FINALIZE = "finalize"


class Effect(StrEnum):
    """What repeating a step may do, and thereby how the engine runs it (DESIGN.md 3)."""

    PURE = "pure"
    IDEMPOTENT = "idempotent"
    MONEY = "money"
    WAIT = "wait"


class StepState(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class RunState(StrEnum):
    """Where a run stands; the last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_RECONCILIATION = "awaiting_reconciliation"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """True when nothing more will happen to the run."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class Role(StrEnum):
    """What a caller may do within its tenant, each including the one before."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    GOVERNANCE = "governance"


class TxMode(StrEnum):
    """The road a transaction takes, and its other names; each chain has some of the roads."""

    AA = "aa"
    ACCOUNT_ABSTRACTION = "account-abstraction"
    ACCOUNT_ABSTRACTION_SNAKE = "account_abstraction"
    ERC4337 = "4337"
    RELAYER = "relayer"
    ERC2771 = "2771"
    META_TX = "meta-tx"
    META_TX_SNAKE = "meta_tx"
    DIRECT = "direct"
    RAW = "raw"

    @property
    def road(self) -> str:
        """The road itself, as ICS lists those of its chain: direct, relayer or aa."""
        return _ROADS.get(self.value, self.value)


_ROADS = {
    **dict.fromkeys(("account-abstraction", "account_abstraction", "4337"), "aa"),
    **dict.fromkeys(("2771", "meta-tx", "meta_tx"), "relayer"),
    "raw": "direct",
}


class Outcome(StrEnum):
    """What ICS answers about a key; the last four of `FINAL` are replayed with their lines."""

    DRY_RUN = "dry_run"
    EXECUTED = "executed"
    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    REJECTED = "rejected"
    FAILED = "failed"
    NOT_EXECUTED = "not_executed"
    UNKNOWN_KEY = "unknown_key"

    @property
    def final(self) -> bool:
        """True for an outcome that ICS will never change."""
        return self in {
            Outcome.EXECUTED,
            Outcome.REJECTED,
            Outcome.FAILED,
            Outcome.NOT_EXECUTED,
        }
