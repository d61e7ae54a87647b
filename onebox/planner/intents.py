"""What a sentence asks for, be it one thing or several in one breath."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onebox.models import Evidence, IntentKind
from onebox.planner.clauses import Clause, clauses_of
from onebox.planner.filling import slots_of
from onebox.planner.kind import job_before_attack
from onebox.planner.normalise import Reading, part_of
from onebox.planner.slots import Slots
from onebox.planner.unclear import unclear_numbers
from onebox.planner.wording import left_out, no_place, not_together

_STAKE, _APPLY, _SUBMIT = IntentKind.STAKE, IntentKind.APPLY, IntentKind.SUBMIT
# What one actor does in a row; each chain in the order of its steps.
_TOGETHER = (
    (_STAKE, _APPLY),
    (_APPLY, _SUBMIT),
    (_STAKE, _APPLY, _SUBMIT),
    (_STAKE, IntentKind.VALIDATE),
)
_STAKED_AS = {_APPLY: "agent", IntentKind.VALIDATE: "validator"}
# Two names for one deed, where the second has no object: `cancel job 3 and refund it`.
_SAME = (
    {IntentKind.CANCEL, IntentKind.RECLAIM},
    {IntentKind.WITHDRAW, IntentKind.RECLAIM},
)
_IGNORED = "TEXT_IGNORED: words that try to steer the planner are description, nothing else."


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
    single = Understood((whole,), whole, warnings=unclear_numbers(reading, whole))
    if whole.kind is IntentKind.CUSTOM:
        return single
    clauses = list(clauses_of(reading, whole.kind, now))
    several = _several(clauses, whole)
    if several is not None:
        return several
    aside = (*_left_out(clauses, whole), *map(no_place, whole.unused))
    return replace(single, warnings=(*single.warnings, *aside))


def _without(reading: Reading, attack: int, now: datetime) -> Understood:
    """The job as asked for before the attack; its description keeps every word."""
    asked = slots_of(part_of(reading, 0, attack), now)
    first, last = reading.typed(0, len(reading.text))
    told = {"description": Evidence(start=first, end=last)}
    job = asked.having({"description": reading.original}, told)
    return Understood((job,), job, warnings=(*unclear_numbers(reading, job), _IGNORED))


def _several(clauses: Sequence[Clause], whole: Slots) -> Understood | None:
    """The plan or the question for deeds with objects of their own, or one that they share."""
    alone = _one_of_each([c for c in clauses if c.stands_alone])
    if not alone or alone[0].kind is not whole.kind:
        return None
    if whole.kind is IntentKind.POST_JOB and any(c.slots.missing for c in alone):
        return None  # `a stake and withdraw module`: what a job is about
    sharing = _one_of_each([*alone, *(c for c in clauses if c.points_back)])
    chosen = sharing if _chain({c.kind for c in sharing}) else alone
    if len(chosen) < 2:  # noqa: PLR2004
        return None
    told = {"description": whole.evidence["description"]}
    joined = _joined([c.slots.having({"description": whole.description}, told) for c in chosen])
    return replace(joined, warnings=tuple(left_out(c.words) for c in sharing if c not in chosen))


def _one_of_each(clauses: Sequence[Clause]) -> list[Clause]:
    return list({clause.kind: clause for clause in reversed(clauses)}.values())[::-1]


def _left_out(clauses: Sequence[Clause], whole: Slots) -> list[str]:
    """Warnings for the deeds that have no object of their own: only the first one is planned."""
    if whole.kind is IntentKind.POST_JOB:
        return []  # what its text says is the job's
    return [
        left_out(c.words)
        for c in _one_of_each(clauses)
        if c.kind is not whole.kind and {c.kind, whole.kind} not in _SAME
    ]


def _chain(kinds: set[IntentKind]) -> tuple[IntentKind, ...] | None:
    return next((chain for chain in _TOGETHER if set(chain) == kinds), None)


def _joined(parts: list[Slots]) -> Understood:
    chain = _chain({part.kind for part in parts})
    if chain is not None:
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
