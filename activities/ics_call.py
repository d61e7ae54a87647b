"""What ICS is called with, and what a dry run shows."""

from dataclasses import dataclass
from urllib.parse import quote

from onebox.models import IntentStatus, Json


@dataclass(frozen=True)
class CallRules:
    """Under which rules a call was admitted, so that ICS can enforce them by itself.

    `plan_max` is the plan's `budget.max`, decimal text; a money call must name it.
    """

    tenant: str
    policy_digest: str
    fees_digest: str
    plan_max: str | None = None

    def headers(self) -> dict[str, str | None]:
        """As docs/contract.md names them; a tenant's name need not be ASCII."""
        return {
            "Tenant": quote(self.tenant, safe=""),
            "Policy-Digest": self.policy_digest,
            "Fees-Digest": self.fees_digest,
            "Plan-Max": self.plan_max,
        }


@dataclass(frozen=True)
class IntentCall:
    """One `POST /intents`: the ICS object and, when confirmed, the headers of its key.

    `not_after` is unix seconds; `verdict_ref` names the yes that a money step needs, `rules`
    what the call is judged by; `after` is the key of the dry run that this one comes after.
    """

    intent: str
    params: Json
    meta: Json
    confirm: bool
    key: str | None = None
    plan_id: str | None = None
    digest: str | None = None
    not_after: int | None = None
    verdict_ref: str | None = None
    rules: CallRules | None = None
    after: str | None = None

    def body(self) -> Json:
        """The ICS object."""
        return {
            "intent": self.intent,
            "params": self.params,
            "confirm": self.confirm,
            "meta": self.meta,
        }

    def headers(self) -> dict[str, str]:
        """Only the headers that this call has."""
        named = {
            "Idempotency-Key": self.key,
            "Plan-Id": self.plan_id,
            "Step-Digest": self.digest,
            "Not-After": None if self.not_after is None else str(self.not_after),
            "Verdict-Ref": self.verdict_ref,
            "After": self.after,
            **(self.rules.headers() if self.rules else {}),
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class DryRun:
    """What a call with `confirm: false` showed: its lines (bytes, no newline) and outcome."""

    status: IntentStatus
    lines: list[bytes]
    ended: bool = True
    """False where no newline followed the last line."""

    def as_sent(self) -> list[tuple[bytes, bool]]:
        """The lines, each with whether its newline came."""
        last = len(self.lines) - 1
        return [(line, self.ended or n < last) for n, line in enumerate(self.lines)]
