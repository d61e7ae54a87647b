"""A further sentence about a stored plan: `make it 80 and two weeks`."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from onebox.models import Evidence, IntentKind
from onebox.planner.fields import fit
from onebox.planner.filling import slots_of
from onebox.planner.kind import act_asked
from onebox.planner.manners import INJECTED, NEGATED, TRANSFERS
from onebox.planner.mentions import is_foreign, taken_back
from onebox.planner.normalise import Reading, Span
from onebox.planner.numbers import Number, numbers_of
from onebox.planner.slots import OPTIONAL, REQUIRED
from onebox.planner.times import terms_of
from onebox.planner.words import bag

_RELATIVE = re.compile(
    r" (?:more|less|extra|additional|further|double|triple|halve|half|twice|add|another|increase"
    r"|decrease|reduce|raise|lower|cut|up|down|plus|minus)(?: \S+){0,3}? (?:by )?[0-9]"
    r"| by [0-9]\S* (?:agi|\$agi|percent|%)| [0-9]\S*(?: \$?agi\w*| days?| weeks?)? (?:more|less"
    r"|extra|longer|shorter|fewer)(?= )| (?:double|triple|halve|half) (?:it|that|the)(?= )"
)
_BEFORE = frozenset({"", "\n"}) | bag(
    "it that to at for be is reward pay amount say rather only just = : now , - and job id #"
)
_AFTER = frozenset({"", "\n"}) | bag(", . ; ! and please instead in within by thanks - as for with")
_ELSEWHERE = re.compile(r" to (?!\$?[0-9])")
_NOT = re.compile(r" (?:do not|don't|dont|never) (?:\S+ )?(?:make|change|set|use|want|put)(?= )")
_MAKE = re.compile(r"^ (?:please )?(?:make|change|set) (?:it|that|this) ")
_VALUE = re.compile(
    r"(?:(?:make|set|change) (?:it|that)(?: to)?|to|value\s?[:=]?)?\s*"
    r"(?P<value>[\w.%:/-]{1,80}?)[.!]?",
    re.IGNORECASE,
)
_PROSE = {"title", "description"}
# What a number without a unit stands for; in the other kinds it is a job's.
_NUMBER = {
    IntentKind.POST_JOB: "reward_agialpha",
    IntentKind.STAKE: "amount_agialpha",
    IntentKind.WITHDRAW: "amount_agialpha",
}


def told(
    reading: Reading, kind: IntentKind, now: datetime
) -> tuple[dict[str, Any], dict[str, Evidence]]:
    """(values, evidence) that the sentence gives for an intent of a kind.

    Raises:
        InvalidReward, DeadlineInvalid: a value of a job is impossible.
    """
    slots = slots_of(reading, now, kind)
    names = [n for n in (*REQUIRED[kind], *OPTIONAL[kind]) if n not in _PROSE]
    values = {n: getattr(slots, n) for n in names if getattr(slots, n) is not None}
    spans = {n: slots.evidence[n] for n in values}
    for name, value, span in _bare(reading, kind, now):
        if name in names and name not in values:
            first, last = reading.typed(*span)
            values[name], spans[name] = fit(name, value), Evidence(start=first, end=last)
    return values, {n: e.model_copy(update={"by": "answer"}) for n, e in spans.items()}


def _bare(reading: Reading, kind: IntentKind, now: datetime) -> Iterator[tuple[str, Any, Span]]:
    """What needs no name in an answer: `80`, `Friday`."""
    value = _VALUE.fullmatch(reading.text)
    if kind is IntentKind.ADMIN_SET and value is not None:
        yield "value", value["value"], value.span("value")
    numbers = numbers_of(reading)
    terms = terms_of(reading, numbers, now)
    if len(terms) == 1:
        yield "deadline_days", terms[0].days, reading.span(terms[0].first, terms[0].last)
    timed = {place for t in terms for place in range(t.first, t.last + 1)}
    bare = [n for n in numbers if n.first not in timed and not taken_back(reading, n)]
    if len(bare) == 1 and _is_bare(reading, bare[0]):
        number = format(bare[0].value or 0, "f")
        yield _NUMBER.get(kind, "job_id"), number, reading.span(bare[0].first, bare[0].last)


def _is_bare(reading: Reading, number: Number) -> bool:
    """A number that counts nothing: no unit, no other currency, no quotation."""
    before, after = reading.fold(number.first - 1), reading.fold(number.last + 1)
    known = number.value is not None and not number.quoted and not number.negative
    return known and not is_foreign(reading, number) and before in _BEFORE and after in _AFTER


def refusal(reading: Reading, kinds: Collection[IntentKind]) -> str | None:
    """Why the sentence cannot revise a plan of these kinds, or None."""
    plain = reading.plain
    if INJECTED.search(plain):
        return "This tries to change the rules, not the plan."
    if NEGATED.search(plain) or _NOT.search(plain):
        return "Say what the plan should be, not what it should not be."
    if _RELATIVE.search(plain):
        return "Say the whole new value, not a difference."
    if TRANSFERS.search(plain) and _ELSEWHERE.search(plain):
        return "OneBox sends tokens to nobody."
    other = act_asked(reading)
    if other in {None, *kinds, IntentKind.ADMIN_SET, IntentKind.CUSTOM} or _MAKE.search(plain):
        return None
    return f"This asks for {other}, which needs a plan of its own."
