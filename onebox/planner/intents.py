"""What a sentence asks for, be it one thing or several in one breath."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from onebox.models import Evidence, IntentKind
from onebox.planner.acts import ACTS
from onebox.planner.filling import slots_of
from onebox.planner.kind import job_before_attack
from onebox.planner.manners import NEGATED
from onebox.planner.normalise import Reading, part_of
from onebox.planner.slots import Slots
from onebox.planner.unclear import unclear_numbers
from onebox.planner.wording import not_together

_CUT = re.compile(
    r" (?:, |; |\. )?(?:and then|and also|and|then|afterwards|after that|plus|&|et|puis|y|luego"
    r"|;|\.|,)(?: (?:then|also|please|afterwards|finally|next|just|i want to|i'd like to"
    r"|i would like to))*(?= )|\n"
)
_STAKE, _APPLY, _SUBMIT = IntentKind.STAKE, IntentKind.APPLY, IntentKind.SUBMIT
# What one actor does in a row; each chain in the order of its steps.
_TOGETHER = (
    (_STAKE, _APPLY),
    (_APPLY, _SUBMIT),
    (_STAKE, _APPLY, _SUBMIT),
    (_STAKE, IntentKind.VALIDATE),
)
_STAKED_AS = {_APPLY: "agent", IntentKind.VALIDATE: "validator"}
_IGNORED = "TEXT_IGNORED: words that try to steer the planner are description, nothing else."
_MAX_CLAUSES = 24  # each is read by itself: bounds the time that a long text takes
_ALONE = {IntentKind.CUSTOM, IntentKind.ADMIN_SET}


@dataclass(frozen=True)
class Understood:
    """The intents, in the order of their steps; `named` is the one the text names first."""

    intents: tuple[Slots, ...]
    named: Slots
    question: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What the intents still lack, each field once."""
        return tuple(dict.fromkeys(name for slots in self.intents for name in slots.missing))


def understand(reading: Reading, now: datetime) -> Understood:
    """The intents of the text; a question where they do not belong in one plan.

    Raises:
        InvalidReward, DeadlineInvalid: a value of a job is impossible.
    """
    attack = job_before_attack(reading)
    if attack is not None:
        return _without(reading, attack, now)
    whole = slots_of(reading, now)
    parts = [] if whole.kind in _ALONE else _parts(reading, whole, now)
    if len(parts) > 1:
        told = {"description": whole.evidence["description"]}
        return _joined([p.having({"description": whole.description}, told) for p in parts])
    return Understood((whole,), whole, warnings=unclear_numbers(reading, whole))


def _without(reading: Reading, attack: int, now: datetime) -> Understood:
    """The job as asked for before the attack; its description keeps every word."""
    asked = slots_of(part_of(reading, 0, attack), now)
    first, last = reading.typed(0, len(reading.text))
    told = {"description": Evidence(start=first, end=last)}
    job = asked.having({"description": reading.original}, told)
    return Understood((job,), job, warnings=(*unclear_numbers(reading, job), _IGNORED))


def _parts(reading: Reading, whole: Slots, now: datetime) -> list[Slots]:
    """The clauses that ask for something of their own, one of each kind."""
    parts: list[Slots] = []
    starts = [(0, whole.kind), *islice(_acts(reading), _MAX_CLAUSES)]
    ends = [*(start for start, _ in starts[1:]), len(reading.text)]
    for (start, kind), end in zip(starts, ends, strict=True):
        slots = slots_of(part_of(reading, start, end), now)
        if slots.kind is kind and kind not in {p.kind for p in parts} and _stands_alone(slots):
            parts.append(slots)
    if whole.kind is IntentKind.POST_JOB and any(part.missing for part in parts):
        return []  # `a stake and withdraw module`: what a job is about
    return parts if parts and parts[0].kind is whole.kind else []


def _acts(reading: Reading) -> Iterator[tuple[int, IntentKind]]:
    """Places in the text where a clause begins with an act that is not forbidden."""
    plain = reading.plain
    barred = [found.span() for found in NEGATED.finditer(plain)]
    for cut in _CUT.finditer(plain):
        place = cut.end() - 1 if plain[cut.end() - 1] == "\n" else cut.end()
        kind = next((kind for kind, act in ACTS if act.match(plain, cut.end())), None)
        if kind and not any(start <= place < end for start, end in barred):
            yield reading.tokens[reading.token_at(place + 1)].start, kind


def _stands_alone(slots: Slots) -> bool:
    """True for a clause with an object of its own: a job, an address or an amount."""
    objects = (slots.job_id, slots.result, slots.amount_agialpha, slots.reward_agialpha)
    return any(said is not None for said in objects)


def _joined(parts: list[Slots]) -> Understood:
    for chain in _TOGETHER:
        if set(chain) == {part.kind for part in parts}:
            ordered = sorted(parts, key=lambda part: chain.index(part.kind))
            if _one_actor(ordered):
                intents = _shared(ordered)
                named = next(slots for slots in intents if slots.kind is parts[0].kind)
                return Understood(intents, named)
    told = {"description": parts[0].evidence["description"]}
    custom = Slots(IntentKind.CUSTOM, parts[0].description, evidence=told)
    return Understood((custom,), custom, question=not_together([p.kind for p in parts]))


def _one_actor(parts: list[Slots]) -> bool:
    """Staking goes before what its role may do; applying and submitting are about one job."""
    jobs = {part.job_id for part in parts if part.job_id is not None}
    stakes = [part.role for part in parts if part.kind is _STAKE and part.role]
    wanted = {_STAKED_AS[part.kind] for part in parts if part.kind in _STAKED_AS}
    return len(jobs) < 2 and set(stakes) <= wanted  # noqa: PLR2004


def _shared(parts: list[Slots]) -> tuple[Slots, ...]:
    """`apply to job 7 as bob and submit ...`: job and name are said once."""
    for name in ("job_id", "ens_subdomain"):
        giver = next((part for part in parts if getattr(part, name) is not None), None)
        if giver is None:
            continue
        value, told = getattr(giver, name), giver.evidence.get(name)
        evidence = {name: told} if told else {}
        parts = [
            part.having({name: value}, evidence) if name in part.missing else part for part in parts
        ]
    return tuple(parts)
