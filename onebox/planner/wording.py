"""What the operator reads: the preview and the question for what is missing."""

from onebox.models import IntentKind
from onebox.planner.slots import Slots

_UNSAID = "???"
_ITEMS = {
    "reward_agialpha": "a reward amount",
    "deadline_days": "a deadline",
    "job_id": "a jobId",
    "ens_subdomain": "an ENS subdomain",
    "result": "a result payload or URI",
    "success": "a validation outcome",
    "approve": "a verdict",
    "reason": "a reason",
    "amount_agialpha": "a stake amount",
    "role": "a stake role",
    "key": "a setting key",
    "value": "a value",
}
_CUSTOM = (
    "OneBox plans nothing for this sentence. It can post a job, apply to one, submit work, "
    "validate, finalize, dispute, cancel or reclaim it, stake and withdraw AGIALPHA, and set "
    "governance parameters"
)

_SENTENCES = {
    IntentKind.APPLY: "Apply to job {job_id}",
    IntentKind.SUBMIT: "Submit deliverable for job {job_id}",
    IntentKind.FINALIZE: "Finalize payout for job {job_id}",
    IntentKind.VALIDATE: "Vote to {verdict} job {job_id}, commit then reveal",
    IntentKind.DISPUTE: "Raise a dispute on job {job_id}",
    IntentKind.STAKE: "Stake {amount_agialpha} AGIALPHA as {role}",
    IntentKind.WITHDRAW: "Withdraw {amount_agialpha} AGIALPHA staked as {role}",
    IntentKind.ADMIN_SET: "Set {key} to {value}",
    IntentKind.CANCEL: "Cancel job {job_id}, bringing its escrow home",
    IntentKind.RECLAIM: "Reclaim the escrow of job {job_id}",
}


def clarification(missing: tuple[str, ...]) -> str | None:
    """The question for what is missing, or None."""
    items = [_ITEMS[name] for name in missing]
    if not items:
        return None
    first, last = ", ".join(items[:-1]), items[-1]
    return f"I still need {f'{first} and {last}' if first else last} before I can continue."


_DEEDS = {
    IntentKind.POST_JOB: "posting a job",
    IntentKind.APPLY: "applying",
    IntentKind.SUBMIT: "submitting work",
    IntentKind.FINALIZE: "finalizing",
    IntentKind.VALIDATE: "voting",
    IntentKind.DISPUTE: "disputing",
    IntentKind.STAKE: "staking",
    IntentKind.WITHDRAW: "withdrawing",
    IntentKind.ADMIN_SET: "changing a setting",
    IntentKind.CANCEL: "cancelling",
    IntentKind.RECLAIM: "reclaiming",
}


def not_together(kinds: list[IntentKind]) -> str:
    """The question for a sentence whose intents need a plan each."""
    first, last = ", ".join(_DEEDS[kind] for kind in kinds[:-1]), _DEEDS[kinds[-1]]
    return f"This asks for {first} and {last}, which need a plan each. Which one comes first?"


def which_deed(kinds: list[IntentKind]) -> str:
    """The question where the rules and a language model read two different deeds."""
    names = [_DEEDS.get(kind, "nothing to do") for kind in kinds]
    return f"Is this {names[0]} or {names[1]}? Please say it in other words."


def differently(name: str) -> str:
    """The warning for a value that the rules and a language model read differently."""
    return f"READ_DIFFERENTLY: {_ITEMS[name]} has two readings; say it again."


def left_out(words: str) -> str:
    """The warning for a deed that was understood but is not in the plan."""
    return f"NOT_PLANNED: '{words[:80]}' needs a plan of its own; this one leaves it out."


def no_place(words: str) -> str:
    """The warning for an amount, a time or a name that the kind has no field for."""
    return f"NOT_PLANNED: '{words[:80]}' plays no part in this plan."


def previews(intents: tuple[Slots, ...], *, total: str, fee_pct: int, burn_pct: int) -> str:
    """One line for all the intents of a plan."""
    said = [preview(s, total=total, fee_pct=fee_pct, burn_pct=burn_pct) for s in intents]
    if len(said) == 1:
        return said[0]
    texts = [text.removesuffix(". Proceed?") for text in said]
    return f"{texts[0]}, then {', then '.join(t[:1].lower() + t[1:] for t in texts[1:])}. Proceed?"


def preview(slots: Slots, *, total: str, fee_pct: int, burn_pct: int) -> str:
    """One line that says what would happen.

    Args:
        slots: what was understood.
        total: the plan's budget, decimal text.
        fee_pct: protocol fee in whole percent.
        burn_pct: part of the agent's pay that is burnt, in whole percent.
    """
    if slots.kind is IntentKind.CUSTOM:
        return f"{_CUSTOM}."
    if slots.kind is IntentKind.POST_JOB:
        text = _post(slots, total, f"(fee {fee_pct}%, burn {burn_pct}%)")
    else:
        text = _SENTENCES[slots.kind].format(**_said(slots))
    return f"{text}. Proceed?"


def _said(slots: Slots) -> dict[str, str]:
    """The slots as text; what is not said reads ???."""
    names = ("job_id", "amount_agialpha", "role", "key", "value")
    return {name: getattr(slots, name) or _UNSAID for name in names} | {
        "verdict": {None: _UNSAID, True: "approve", False: "reject"}[slots.approve]
    }


def _post(slots: Slots, total: str, percents: str) -> str:
    reward = slots.reward_agialpha
    days = _UNSAID if slots.deadline_days is None else slots.deadline_days
    parts = (
        f"Post job '{slots.title}'",
        f"escrowing {reward or _UNSAID} AGIALPHA",
        f"duration {days} day(s)",
        f"total escrow {total if reward else _UNSAID} AGIALPHA {percents}",
    )
    return ", ".join(parts)
