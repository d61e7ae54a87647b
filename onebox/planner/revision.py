"""A stored plan with answers put in: what is said now replaces what was understood before."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from onebox.errors import OneBoxError, ValidationFailed
from onebox.models import Evidence, IntentKind, Json, OrchestrationPlan
from onebox.planner.fields import Unfit, fit
from onebox.planner.followup import refusal, told
from onebox.planner.intents import Understood, understand
from onebox.planner.normalise import read
from onebox.planner.slots import OPTIONAL, REQUIRED, Slots
from onebox.planner.stored import intents_of

_Errors = list[dict[str, str]]


@dataclass(frozen=True)
class Revision:
    """A stored plan, the text it was made of, and what its caller answers."""

    plan: OrchestrationPlan
    input_text: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""

    @property
    def whole_text(self) -> str:
        """What the new plan is stored with, and its evidence points into."""
        return "\n".join(text for text in (self.input_text, self.sentence) if text.strip())


def revised(revision: Revision, now: datetime) -> tuple[Understood, list[Json]]:
    """The intents after the revision, and what changed.

    Raises:
        ValidationFailed: an answer or the sentence does not fit the plan.
        InvalidReward, DeadlineInvalid: a value of a job is impossible.
    """
    before = intents_of(revision.plan, revision.input_text)
    if not before:
        return _anew(revision, now)
    before = tuple(_with_evidence(slots, revision.input_text, now) for slots in before)
    after = _answered(before, revision.answers)
    if revision.sentence.strip():
        after = _told(after, revision, now)
    return Understood(after, after[0]), _changes(before, after)


def _anew(revision: Revision, now: datetime) -> tuple[Understood, list[Json]]:
    """A plan of nothing has no fields: the sentence is planned by itself."""
    if revision.answers:
        name = next(iter(revision.answers))
        raise _failed([_error(f"/answers/{name}", "The plan has no intent, so no fields.")])
    understood = understand(read(revision.sentence), now)
    shift = len(revision.whole_text) - len(revision.sentence)
    moved = tuple(_moved(slots, shift) for slots in understood.intents)
    named = next(slots for slots in moved if slots.kind is understood.named.kind)
    change = {"field": "kind", "from": IntentKind.CUSTOM, "to": named.kind}
    return replace(understood, intents=moved, named=named), [change]


def _moved(slots: Slots, shift: int) -> Slots:
    return replace(slots, evidence={n: _shifted(e, shift) for n, e in slots.evidence.items()})


def _shifted(evidence: Evidence, shift: int) -> Evidence:
    if evidence.start is None or evidence.end is None:
        return evidence
    places = {"start": evidence.start + shift, "end": evidence.end + shift}
    return evidence.model_copy(update=places)


def _with_evidence(slots: Slots, text: str, now: datetime) -> Slots:
    """A value that the text gives has its words; any other came by an answer."""
    said: Mapping[str, Evidence] = {}
    with suppress(OneBoxError):
        again = next(
            s for s in (*understand(read(text), now).intents, slots) if s.kind is slots.kind
        )
        same = {n for n in again.evidence if n == "kind" or _same(slots, again, n)}
        said = {name: again.evidence[name] for name in same}
    names = ("title", "description", *REQUIRED[slots.kind], *OPTIONAL[slots.kind])
    given = [name for name in names if getattr(slots, name) is not None]
    return replace(slots, evidence={n: Evidence(by="answer") for n in given} | dict(said))


def _same(slots: Slots, again: Slots, name: str) -> bool:
    return bool(getattr(slots, name) == getattr(again, name))


def _answered(intents: Sequence[Slots], answers: Mapping[str, Any]) -> tuple[Slots, ...]:
    errors: _Errors = []
    for name, answer in answers.items():
        takers = [s.kind for s in intents if name in (*REQUIRED[s.kind], *OPTIONAL[s.kind])]
        try:
            value = fit(name, answer) if takers else None
        except Unfit as unfit:
            errors.append(_error(f"/answers/{name}", str(unfit)))
            continue
        if not takers:
            message = f"No field of this plan; {_known(intents)}"
            errors.append(_error(f"/answers/{name[:80]}", message))
            continue
        given = {name: value}, {name: Evidence(by="answer")}
        intents = [s.having(*given) if s.kind in takers else s for s in intents]
    if errors:
        raise _failed(errors)
    return tuple(intents)


def _known(intents: Sequence[Slots]) -> str:
    names = [n for s in intents for n in (*REQUIRED[s.kind], *OPTIONAL[s.kind])]
    return f"its fields are {', '.join(dict.fromkeys(names))}."


def _told(intents: Sequence[Slots], revision: Revision, now: datetime) -> tuple[Slots, ...]:
    reading, after = read(revision.sentence), []
    shift = len(revision.whole_text) - len(revision.sentence)
    kinds = {slots.kind for slots in intents}
    for slots in intents:
        problem = refusal(reading, kinds)
        if problem is not None:
            raise _failed([_error("/input_text", problem)])
        values, spans = told(reading, slots.kind, now)
        after.append(slots.having(values, {n: _shifted(e, shift) for n, e in spans.items()}))
    if tuple(after) == tuple(intents):
        message = f"This gives no value for the plan; {_known(intents)}"
        raise _failed([_error("/input_text", message)])
    return tuple(after)


def _changes(before: Sequence[Slots], after: Sequence[Slots]) -> list[Json]:
    """What differs, each field once, in the order of the question."""
    rows: dict[str, Json] = {}
    for old, new in zip(before, after, strict=True):
        for name in (*REQUIRED[new.kind], *OPTIONAL[new.kind]):
            if not _same(old, new, name):
                row = {"field": name, "from": getattr(old, name), "to": getattr(new, name)}
                rows.setdefault(name, row)
    return list(rows.values())


def _error(pointer: str, message: str) -> dict[str, str]:
    return {"pointer": pointer, "message": message}


def _failed(errors: _Errors) -> ValidationFailed:
    return ValidationFailed(errors[0]["message"], errors=errors)
