"""What a text names although its kind has no place for it: said back as a warning."""

from collections.abc import Iterator, Sequence

from onebox.models import IntentKind
from onebox.planner.labels import labels_of
from onebox.planner.mentions import Amount
from onebox.planner.normalise import Reading, Span
from onebox.planner.times import Term

_PAID = {IntentKind.POST_JOB, IntentKind.STAKE, IntentKind.WITHDRAW, IntentKind.ADMIN_SET}
_NAMED = {IntentKind.APPLY, IntentKind.SUBMIT, IntentKind.VALIDATE}
# Their texts tell a story: what a job is about, why a result is disputed.
_TOLD = {IntentKind.POST_JOB, IntentKind.DISPUTE, IntentKind.CUSTOM}
_PLAIN, _KEYED = 2, 3  # ranks of a mention that is surely meant


def unused(
    reading: Reading, kind: IntentKind, amounts: Sequence[Amount], terms: Sequence[Term]
) -> tuple[str, ...]:
    """The pieces of the text, as typed, that the kind cannot take."""
    if kind in _TOLD:
        return ()
    spans = _spans(reading, kind, amounts, terms)
    return tuple(reading.text[start:end] for start, end in spans)


def _spans(
    reading: Reading, kind: IntentKind, amounts: Sequence[Amount], terms: Sequence[Term]
) -> Iterator[Span]:
    if kind not in _PAID:
        yield from (reading.span(a.first, a.last) for a in amounts if a.rank >= _PLAIN)
    yield from (reading.span(t.first, t.last) for t in terms if t.rank >= _KEYED)
    if kind not in _NAMED:
        yield from (said.span for said in labels_of(reading))
