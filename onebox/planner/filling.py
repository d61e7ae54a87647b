"""Fills the slots of the kind that a sentence asks for, each with the words that say it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onebox.errors import AmountInvalid, DeadlineInvalid, InvalidReward
from onebox.models import Evidence, IntentKind
from onebox.money import format_amount, parse_amount
from onebox.planner.amounts import amounts_of, has_currency
from onebox.planner.choice import chosen
from onebox.planner.doubt import doubtful
from onebox.planner.kind import Signs, act_of, kind_of
from onebox.planner.labels import bare_labels, labels_of
from onebox.planner.mentions import Amount, is_foreign
from onebox.planner.names import hash_of, job_ids, result_uri, uris_of
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, numbers_of
from onebox.planner.reason import reason_of
from onebox.planner.roles import role_of
from onebox.planner.setting import setting_of
from onebox.planner.slots import Slots
from onebox.planner.stance import outcome_of, verdict_of
from onebox.planner.times import Term, chosen_term, terms_of
from onebox.planner.title import title_of
from onebox.planner.turns import Said
from onebox.planner.unused import unused
from onebox.planner.words import UNIT_HOURS

_MOST_DAYS = 10_000_000
Fields = Mapping[str, Said[Any] | None]


@dataclass(frozen=True)
class Found:
    """The mentions that kind and slots are told from, and a proposal is checked against."""

    reading: Reading
    numbers: list[Number]
    amounts: list[Amount]
    terms: list[Term]
    jobs: list[Said[str]]


def found_in(reading: Reading, now: datetime) -> Found:
    """All numbers of the text and what they may mean."""
    numbers = numbers_of(reading)
    return Found(
        reading,
        numbers,
        amounts_of(reading, numbers),
        terms_of(reading, numbers, now),
        job_ids(reading, numbers),
    )


def slots_of(reading: Reading, now: datetime, kind: IntentKind | None = None) -> Slots:
    """Kind and slots of the text.

    Args:
        reading: the text.
        now: resolves words like "Friday".
        kind: given where it is known already: a further sentence about a stored plan.

    Raises:
        InvalidReward: a job's reward is zero, negative or no amount.
        DeadlineInvalid: a job's deadline is zero or past.
    """
    found = found_in(reading, now)
    kind = kind or _kind(found)
    fields = {name: said for name, said in _fields(kind, found).items() if said is not None}
    spans = {"kind": act_of(reading, kind)} | {name: said.span for name, said in fields.items()}
    if kind is IntentKind.CUSTOM:
        del spans["kind"]
    spans["description"] = (0, len(reading.text))
    aside = unused(reading, kind, found.amounts, found.terms)
    return Slots(kind, reading.original, unused=aside).having(
        {name: said.value for name, said in fields.items()},
        {name: _evidence(reading, *span) for name, span in spans.items()},
    )


def _evidence(reading: Reading, start: int, end: int) -> Evidence:
    first, last = reading.typed(start, end)
    return Evidence(start=first, end=last, by="text")


def _kind(found: Found) -> IntentKind:
    reading, numbers = found.reading, found.numbers
    signs = Signs(
        priced=bool(found.amounts) or any(_priced(reading, n) for n in numbers),
        timed=bool(found.terms) or any(reading.fold(n.last + 1) in UNIT_HOURS for n in numbers),
        job=bool(found.jobs),
        named=bool(labels_of(reading)),
        uri=bool(uris_of(reading)),
    )
    return kind_of(reading, signs)


def _priced(reading: Reading, number: Number) -> bool:
    return has_currency(reading, number) or is_foreign(reading, number)


def _fields(kind: IntentKind, found: Found) -> Fields:
    reading = found.reading
    if kind is IntentKind.POST_JOB:
        return _post(found)
    if kind in {IntentKind.STAKE, IntentKind.WITHDRAW}:
        return {"amount_agialpha": _staked(reading, found.amounts), "role": role_of(reading)}
    if kind is IntentKind.ADMIN_SET:
        key, value = setting_of(reading)
        return {"key": key, "value": value}
    return {"job_id": _only(found.jobs), **_about_job(kind, reading)}


def _about_job(kind: IntentKind, reading: Reading) -> Fields:
    match kind:
        case IntentKind.APPLY:
            return {"ens_subdomain": _label(reading)}
        case IntentKind.SUBMIT:
            return {"ens_subdomain": _label(reading), "result": _result(reading)}
        case IntentKind.FINALIZE:
            return {"success": outcome_of(reading)}
        case IntentKind.VALIDATE:
            return {"ens_subdomain": _label(reading), "approve": verdict_of(reading)}
        case IntentKind.DISPUTE:
            return {"reason": reason_of(reading)}
        case _:
            return {}


def _label(reading: Reading) -> Said[str] | None:
    return _only(labels_of(reading) or bare_labels(reading))


def _only(found: list[Said[str]]) -> Said[str] | None:
    return found[0] if len(found) == 1 else None


def _result(reading: Reading) -> Said[dict[str, str]] | None:
    uri, digest = result_uri(reading), hash_of(reading)
    if uri is None:
        return None
    return Said({"uri": uri.value, **({"hash": digest} if digest else {})}, uri.span)


def _post(found: Found) -> Fields:
    reading = found.reading
    unclear = doubtful(reading, found.numbers, found.amounts, found.terms)
    firsts = [*(a.first for a in found.amounts), *(t.first for t in found.terms if t.rank > 1)]
    return {
        "title": title_of(reading, [reading.tokens[first].start for first in firsts]),
        "reward_agialpha": None if unclear else _reward(reading, chosen(reading, found.amounts)),
        "deadline_days": None if unclear else _deadline(reading, chosen_term(found.terms)),
    }


def _reward(reading: Reading, amount: Amount | None) -> Said[str] | None:
    if amount is None or amount.value is None:
        return None
    text = format(amount.value, "f")
    if amount.value <= 0:
        raise InvalidReward(f"The reward {text[:40]} AGIALPHA is not above zero.")
    try:
        exact = format_amount(parse_amount(text))
    except AmountInvalid as error:
        raise InvalidReward(f"{text[:60]} is not an amount of AGIALPHA.") from error
    return Said(exact, reading.span(amount.first, amount.last))


def _staked(reading: Reading, amounts: list[Amount]) -> Said[str] | None:
    """A stake that is no amount is kept as said: the simulator names what is allowed."""
    amount = chosen(reading, amounts)
    if amount is None or amount.value is None:
        return None
    text = format(amount.value, "f")
    with suppress(AmountInvalid):
        text = format_amount(parse_amount(text))
    return Said(text, reading.span(amount.first, amount.last))


def _deadline(reading: Reading, term: Term | None) -> Said[int] | None:
    if term is None:
        return None
    if term.days <= 0:
        raise DeadlineInvalid(f"The deadline is {term.days} day(s) from today: not in the future.")
    if term.days > _MOST_DAYS:
        raise DeadlineInvalid("The deadline is further away than a plan can hold.")
    return Said(term.days, reading.span(term.first, term.last))
