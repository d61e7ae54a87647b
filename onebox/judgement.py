"""What a plan is judged by, and the form of a verdict."""

from dataclasses import dataclass

from onebox.contract import Contract
from onebox.errors import fix_of
from onebox.holds import Hold
from onebox.models import Blocker, OrchestrationPlan, Role
from onebox.policy import Rules


@dataclass(frozen=True)
class Found:
    """A plan with all that it is judged by."""

    plan: OrchestrationPlan
    rules: Rules
    contract: Contract
    holds: list[Hold]
    role: Role
    ens: str | None
    supported_tx: frozenset[str] | None


def blocker(  # noqa: PLR0913, PLR0917  a blocker is these facts
    code: str,
    pointer: str,
    rule: str,
    message: str,
    limit: str | None = None,
    actual: str | None = None,
    step_id: str | None = None,
    *,
    fix: str | None = None,
) -> Blocker:
    """A blocker with the usual fix of its code, unless a better one is given."""
    return Blocker(
        code=code,
        step_id=step_id,
        pointer=pointer,
        rule=rule,
        limit=limit,
        actual=actual,
        message=message,
        fix=fix or fix_of(code),
    )
