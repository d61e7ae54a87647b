"""What a language model proposes for a sentence, and what of it the text itself bears out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from onebox.errors import DeadlineInvalid, InvalidReward
from onebox.models import Evidence, IntentKind
from onebox.planner.fields import Unfit, fit
from onebox.planner.filling import Found, found_in
from onebox.planner.intents import Understood
from onebox.planner.labels import bare_labels, labels_of
from onebox.planner.names import uris_of
from onebox.planner.normalise import Reading
from onebox.planner.slots import REQUIRED, Slots
from onebox.planner.turns import Said
from onebox.planner.wording import differently, which_deed
from onebox.planner.words import ROLES

# The operator's own words, of which two tellings may both be right: the rules' one is kept.
_PROSE = {"reason"}
_VERBATIM = {"reason", "key", "value"}


class Proposal(BaseModel):
    """A typed ask, never trusted: a field counts only where the text says the same.

    Amounts are decimal text of AGIALPHA, the deadline is whole days from now.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: IntentKind
    reward_agialpha: str | None = None
    deadline_days: int | None = None
    job_id: str | None = None
    ens_subdomain: str | None = None
    result: str | None = None
    success: bool | None = None
    approve: bool | None = None
    reason: str | None = None
    amount_agialpha: str | None = None
    role: str | None = None
    key: str | None = None
    value: str | None = None


def weighed(told: Understood, proposal: Proposal, reading: Reading, now: datetime) -> Understood:
    """The rules' understanding after a model's proposal: completed, or put in question.

    A kind that differs makes the sentence a question. A value that differs is missing, and so
    is money that only the model sees. What only the model sees of the rest is taken where the
    rules' own finders meet it in the text.
    """
    if proposal.kind not in {slots.kind for slots in told.intents}:
        return _in_question(told, proposal.kind)
    found = found_in(reading, now)
    weights = [_weighed(slots, proposal, found) for slots in told.intents]
    intents = tuple(slots for slots, _ in weights)
    named = next(slots for slots in intents if slots.kind is told.named.kind)
    doubts = tuple(differently(name) for _, names in weights for name in names)
    return replace(told, intents=intents, named=named, warnings=(*told.warnings, *doubts))


def _in_question(told: Understood, proposed: IntentKind) -> Understood:
    """Nothing is planned, and the operator is asked which of the two kinds is meant."""
    question = told.question or which_deed([told.named.kind, proposed])
    evidence = {"description": told.named.evidence["description"]}
    custom = Slots(IntentKind.CUSTOM, told.named.description, evidence=evidence)
    return replace(told, intents=(custom,), named=custom, question=question)


def _weighed(slots: Slots, proposal: Proposal, found: Found) -> tuple[Slots, list[str]]:
    """The slots, and the names of the fields that are missing now because the two differ."""
    doubts = []
    for name in REQUIRED[slots.kind]:
        proposed, ruled = getattr(proposal, name), getattr(slots, name)
        if proposed is None or (name in _PROSE and ruled is not None):
            continue
        value = _fitted(name, proposed)
        if ruled is None:
            slots = _completed(slots, name, value, found)
        elif value != ruled:
            doubts.append(name)
    emptied: dict[str, Any] = dict.fromkeys(doubts)
    kept = {name: told for name, told in slots.evidence.items() if name not in emptied}
    return replace(slots, evidence=kept, **emptied), doubts


def _fitted(name: str, proposed: Any) -> Any:
    """The value as its field takes it; an unfit one is equal to nothing."""
    try:
        return fit(name, proposed)
    except (Unfit, InvalidReward, DeadlineInvalid):
        return object()


def _completed(slots: Slots, name: str, value: Any, found: Found) -> Slots:
    """With the value where the text says it, else as before."""
    said = next((said for said in _sayings(name, value, found) if said.value == value), None)
    if said is None:
        return slots
    first, last = found.reading.typed(*said.span)
    return slots.having({name: value}, {name: Evidence(start=first, end=last)})


def _sayings(name: str, value: Any, found: Found) -> Iterator[Said[Any]]:
    """What the rules' finders meet for a field; nothing for money, an outcome or a verdict."""
    reading = found.reading
    match name:
        case "deadline_days":
            spans = [(t.days, reading.span(t.first, t.last)) for t in found.terms if t.rank]
            yield from (Said(days, span) for days, span in spans)
        case "job_id":
            yield from found.jobs
        case "ens_subdomain":
            yield from labels_of(reading) or bare_labels(reading)
        case "result":
            yield from (
                Said({"uri": uri.value}, reading.span(uri.first, uri.last))
                for uri in uris_of(reading)
            )
        case "role":
            yield from (
                Said(ROLES[token.fold], (token.start, token.end))
                for token in reading.tokens
                if token.fold in ROLES and not token.quoted
            )
        case _ if name in _VERBATIM and isinstance(value, str) and value in reading.text:
            start = reading.text.index(value)
            yield Said(value, (start, start + len(value)))
