"""What a sentence gives for one intent, and what that still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from onebox.models import Evidence, IntentKind

REQUIRED: dict[IntentKind, tuple[str, ...]] = {
    IntentKind.POST_JOB: ("reward_agialpha", "deadline_days"),
    IntentKind.APPLY: ("job_id", "ens_subdomain"),
    IntentKind.SUBMIT: ("job_id", "ens_subdomain", "result"),
    IntentKind.FINALIZE: ("job_id", "success"),
    IntentKind.VALIDATE: ("job_id", "approve"),
    IntentKind.DISPUTE: ("job_id", "reason"),
    IntentKind.STAKE: ("amount_agialpha", "role"),
    IntentKind.WITHDRAW: ("amount_agialpha", "role"),
    IntentKind.ADMIN_SET: ("key", "value"),
    IntentKind.CANCEL: ("job_id",),
    IntentKind.RECLAIM: ("job_id",),
    IntentKind.CUSTOM: (),
}


# What an answer may fill although the kind does not require it.
OPTIONAL: dict[IntentKind, tuple[str, ...]] = {
    **dict.fromkeys(IntentKind, ()),
    IntentKind.POST_JOB: ("title", "description"),
    IntentKind.VALIDATE: ("ens_subdomain",),
}


@dataclass(frozen=True)
class Slots:
    """What was understood; None where the text does not say. Amounts are decimal text.

    `evidence` tells per field (and for `kind`) the words that it came from; `unused` are words
    that name something which the kind has no place for.
    """

    kind: IntentKind
    description: str
    title: str | None = None
    reward_agialpha: str | None = None
    deadline_days: int | None = None
    job_id: str | None = None
    ens_subdomain: str | None = None
    result: dict[str, Any] | None = None
    success: bool | None = None
    approve: bool | None = None
    reason: str | None = None
    amount_agialpha: str | None = None
    role: str | None = None
    key: str | None = None
    value: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that nothing gives, in the order of the question."""
        return tuple(name for name in REQUIRED[self.kind] if getattr(self, name) is None)

    def having(self, values: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> "Slots":
        """The same with these values in place."""
        return replace(self, **values, evidence={**self.evidence, **evidence})
