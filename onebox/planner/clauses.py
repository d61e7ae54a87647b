"""The clauses of a text that ask for a deed each, with or without an object of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from onebox.models import IntentKind
from onebox.planner.acts import ACTS
from onebox.planner.filling import slots_of
from onebox.planner.manners import NEGATED
from onebox.planner.normalise import Reading, part_of
from onebox.planner.slots import Slots
from onebox.planner.words import bag

_CUT = re.compile(
    r" (?:, |; |\. )?(?:and then|and also|and|then|afterwards|after that|plus|&|et|puis|y|luego"
    r"|;|\.|,)(?: (?:then|also|please|afterwards|finally|next|just|i want to|i'd like to"
    r"|i would like to))*(?= )|\n"
)
_MAX_CLAUSES = 24  # each is read by itself: bounds the time that a long text takes
# What may stand behind a deed whose object is the one before: `and finalize it right away`.
_BACK = bag(
    "it that this them the job work result same one too also please afterwards accordingly right "
    "away now as well a success failure thanks then immediately at once payout payment payee for "
    "me us , . ! ? la lo le"
)


@dataclass(frozen=True)
class Clause:
    """A deed with what its clause gives; `words` is the clause as typed."""

    slots: Slots
    words: str
    points_back: bool

    @property
    def kind(self) -> IntentKind:
        """What the clause asks for."""
        return self.slots.kind

    @property
    def stands_alone(self) -> bool:
        """True for a clause with an object of its own: a job, an address or an amount."""
        said = self.slots
        objects = (said.job_id, said.result, said.amount_agialpha, said.reward_agialpha, said.key)
        return any(given is not None for given in objects)


def clauses_of(reading: Reading, kind: IntentKind, now: datetime) -> Iterator[Clause]:
    """The deeds of a text in order, the first of them of this kind; none where it has one."""
    further = list(islice(_acts(reading), _MAX_CLAUSES))
    if not further:
        return
    starts = [(0, kind), *further]
    ends = [*(start for start, _ in further), len(reading.text)]
    for (start, named), end in zip(starts, ends, strict=True):
        part = part_of(reading, start, end)
        slots = slots_of(part, now)
        points_back = start > 0 and _points_back(part, named)
        if slots.kind is named or points_back:
            said = slots if slots.kind is named else slots_of(part, now, named)
            yield Clause(said, reading.text[start:end].strip(" ,;.\n"), points_back)


def _acts(reading: Reading) -> Iterator[tuple[int, IntentKind]]:
    """Places in the text where a clause begins with an act that is not forbidden."""
    plain = reading.plain
    barred = [found.span() for found in NEGATED.finditer(plain)]
    for cut in _CUT.finditer(plain):
        place = cut.end() - 1 if plain[cut.end() - 1] == "\n" else cut.end()
        kind = next((kind for kind, act in ACTS if act.match(plain, cut.end())), None)
        if kind and not any(start <= place < end for start, end in barred):
            yield reading.tokens[reading.token_at(place + 1)].start, kind


def _points_back(part: Reading, kind: IntentKind) -> bool:
    """`finalize it`: the deed is about what was named before."""
    act = dict(ACTS)[kind].match(part.plain)
    return act is not None and set(part.plain[act.end() :].split()) <= _BACK
