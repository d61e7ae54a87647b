"""What the sentence gives and what it still lacks, for the kind that it asks for."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from onebox.errors import AmountInvalid, DeadlineInvalid, InvalidReward
from onebox.models import IntentKind
from onebox.money import format_amount, parse_amount
from onebox.planner.amounts import amounts_of, chosen, has_currency
from onebox.planner.kind import kind_of
from onebox.planner.mentions import Amount, is_foreign
from onebox.planner.names import hash_of, job_ids, labels_of, result_uri, uris_of
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, numbers_of
from onebox.planner.setting import setting_of
from onebox.planner.stance import outcome_of, reason_of, role_of, verdict_of
from onebox.planner.times import Term, chosen_term, terms_of
from onebox.planner.title import title_of
from onebox.planner.words import UNIT_HOURS

_MOST_DAYS = 10_000_000

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


@dataclass(frozen=True)
class Slots:
    """What was understood; None where the text does not say. Amounts are decimal text."""

    kind: IntentKind
    description: str
    title: str | None = None
    reward_agialpha: str | None = None
    deadline_days: int | None = None
    job_id: str | None = None
    ens_subdomain: str | None = None
    result: dict[str, str] | None = None
    success: bool | None = None
    approve: bool | None = None
    reason: str | None = None
    amount_agialpha: str | None = None
    role: str | None = None
    key: str | None = None
    value: str | None = None
    missing: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class _Found:
    """The mentions that kind and slots are told from."""

    reading: Reading
    numbers: list[Number]
    amounts: list[Amount]
    terms: list[Term]


def slots_of(reading: Reading, now: datetime) -> Slots:
    """Kind and slots of the text.

    Raises:
        InvalidReward: a job's reward is zero, negative or no amount.
        DeadlineInvalid: a job's deadline is zero or past.
    """
    numbers = numbers_of(reading)
    amounts, terms = amounts_of(reading, numbers), terms_of(reading, numbers, now)
    found = _Found(reading, numbers, amounts, terms)
    jobs, labels = job_ids(reading, numbers), labels_of(reading)
    kind = kind_of(
        reading,
        priced=bool(amounts) or any(_priced(reading, n) for n in numbers),
        timed=bool(terms) or any(reading.fold(n.last + 1) in UNIT_HOURS for n in numbers),
        points_at_job=bool(jobs or labels or uris_of(reading)),
    )
    slots = _filled(kind, found, jobs[0] if len(jobs) == 1 else None, labels)
    missing = tuple(name for name in REQUIRED[kind] if getattr(slots, name) is None)
    return replace(slots, missing=missing)


def _priced(reading: Reading, number: Number) -> bool:
    return has_currency(reading, number) or is_foreign(reading, number)


def _filled(kind: IntentKind, found: _Found, job: str | None, labels: list[str]) -> Slots:
    reading = found.reading
    slots = Slots(kind, reading.original)
    label = labels[0] if len(labels) == 1 else None
    if kind is IntentKind.POST_JOB:
        return _post(slots, found)
    if kind in {IntentKind.STAKE, IntentKind.WITHDRAW}:
        amount = chosen(found.amounts)
        return replace(slots, amount_agialpha=_staked(amount), role=role_of(reading))
    if kind is IntentKind.ADMIN_SET:
        key, value = setting_of(reading)
        return replace(slots, key=key, value=value)
    slots = replace(slots, job_id=job)
    return _about_job(slots, reading, label)


def _about_job(slots: Slots, reading: Reading, label: str | None) -> Slots:
    match slots.kind:
        case IntentKind.APPLY:
            return replace(slots, ens_subdomain=label)
        case IntentKind.SUBMIT:
            return replace(slots, ens_subdomain=label, result=_result(reading))
        case IntentKind.FINALIZE:
            return replace(slots, success=outcome_of(reading))
        case IntentKind.VALIDATE:
            return replace(slots, ens_subdomain=label, approve=verdict_of(reading))
        case IntentKind.DISPUTE:
            return replace(slots, reason=reason_of(reading))
        case _:
            return slots


def _result(reading: Reading) -> dict[str, str] | None:
    uri, digest = result_uri(reading), hash_of(reading)
    if uri is None:
        return None
    return {"uri": uri, "hash": digest} if digest else {"uri": uri}


def _post(slots: Slots, found: _Found) -> Slots:
    amount, term = chosen(found.amounts), chosen_term(found.terms)
    tokens = found.reading.tokens
    firsts = [*(a.first for a in found.amounts), *(t.first for t in found.terms if t.rank > 1)]
    marks = [tokens[first].start for first in firsts]
    return replace(
        slots,
        title=title_of(found.reading, marks),
        reward_agialpha=_reward(amount),
        deadline_days=_deadline(term),
    )


def _reward(amount: Amount | None) -> str | None:
    if amount is None:
        return None
    text = format(amount.value, "f")
    if amount.value <= 0:
        raise InvalidReward(f"The reward {text[:40]} AGIALPHA is not above zero.")
    try:
        return format_amount(parse_amount(text))
    except AmountInvalid as error:
        raise InvalidReward(f"{text[:60]} is not an amount of AGIALPHA.") from error


def _staked(amount: Amount | None) -> str | None:
    """A stake that is no amount is kept as said: the simulator names what is allowed."""
    if amount is None:
        return None
    text = format(amount.value, "f")
    try:
        return format_amount(parse_amount(text))
    except AmountInvalid:
        return text


def _deadline(term: Term | None) -> int | None:
    if term is None:
        return None
    if term.days <= 0:
        raise DeadlineInvalid(f"The deadline is {term.days} day(s) from today: not in the future.")
    if term.days > _MOST_DAYS:
        raise DeadlineInvalid("The deadline is further away than a plan can hold.")
    return term.days
