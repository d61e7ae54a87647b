"""Every refusal that OneBox can give: one class, one code, one usual fix.

A route raises; `api/errors.py` turns the exception into a problem document. Codes that
never travel alone (of blockers and of the ends of steps) are in `onebox.errors.codes`.
"""

from onebox.errors.base import OneBoxError
from onebox.errors.codes import CODES, CatalogueEntry, fix_of
from onebox.errors.conflicts import (
    AlreadyDecided,
    ConfirmationExpired,
    ConfirmationNotFound,
    DecisionDigestMismatch,
    NotFound,
    PlanDigestMismatch,
    PlanExpired,
    PlanNotFound,
    PlanStale,
    RunNotFound,
    StepNotFound,
)
from onebox.errors.outages import (
    ChainUnavailable,
    ConfigInvalid,
    ContractDrift,
    IcsUnavailable,
    InputUnresolved,
    InternalError,
    ServerBusy,
    StoreUnavailable,
    TemporalUnavailable,
)
from onebox.errors.refusals import (
    ActorForbidden,
    AmountInvalid,
    AuthInvalid,
    AuthMissing,
    Blocked,
    BodyInvalid,
    BodyTooLarge,
    CursorInvalid,
    DeadlineInvalid,
    HeadersTooLarge,
    InputTextRequired,
    InvalidReward,
    MethodNotAllowed,
    PlanInvalid,
    RequestInvalid,
    RoleForbidden,
    TooManyConnections,
    TooManyRequests,
    ValidationFailed,
)

__all__ = [
    "ActorForbidden",
    "AlreadyDecided",
    "AmountInvalid",
    "AuthInvalid",
    "AuthMissing",
    "Blocked",
    "BodyInvalid",
    "BodyTooLarge",
    "CatalogueEntry",
    "ChainUnavailable",
    "ConfigInvalid",
    "ConfirmationExpired",
    "ConfirmationNotFound",
    "ContractDrift",
    "CursorInvalid",
    "DeadlineInvalid",
    "DecisionDigestMismatch",
    "HeadersTooLarge",
    "IcsUnavailable",
    "InputTextRequired",
    "InputUnresolved",
    "InternalError",
    "InvalidReward",
    "MethodNotAllowed",
    "NotFound",
    "OneBoxError",
    "PlanDigestMismatch",
    "PlanExpired",
    "PlanInvalid",
    "PlanNotFound",
    "PlanStale",
    "RequestInvalid",
    "RoleForbidden",
    "RunNotFound",
    "ServerBusy",
    "StepNotFound",
    "StoreUnavailable",
    "TemporalUnavailable",
    "TooManyConnections",
    "TooManyRequests",
    "ValidationFailed",
    "catalogue",
    "fix_of",
]


def catalogue() -> list[CatalogueEntry]:
    """Every code once, sorted by name: HTTP errors, then codes of blockers and steps."""
    entries = dict(CODES)
    # A class defined elsewhere (a client's, a test's) must not change the catalogue.
    ours = (k for k in OneBoxError.__subclasses__() if k.__module__.startswith(__name__))
    for kind in ours:
        entries[kind.code] = CatalogueEntry(kind.code, kind.http_status, kind.meaning, kind.fix)
    return [entries[code] for code in sorted(entries)]
