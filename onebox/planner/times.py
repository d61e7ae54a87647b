"""Which deadline the sentence asks for, in whole days from now; never an invented one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from onebox.planner.dates import dates_of
from onebox.planner.durations import ENDS, HOURS_A_DAY, Duration, duration_of
from onebox.planner.mentions import corrected_mentions, is_correction
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, number_after
from onebox.planner.words import bag

_FORTNIGHT = bag("fortnight quinzaine quincena")
_PAUSED = frozenset({"", "\n"}) | bag(", ; - .")


@dataclass(frozen=True)
class Term:
    """A deadline of whole days; `days` may be zero or negative where the text says so."""

    days: int
    first: int
    last: int
    rank: int


def terms_of(reading: Reading, numbers: Sequence[Number], now: datetime) -> list[Term]:
    """The deadlines that may be meant, corrections applied, in the order of the text."""
    counted = sorted([*numbers, *_fortnights(reading)], key=lambda n: n.first)
    spans = [span for i in range(len(counted)) if (span := duration_of(reading, counted, i))]
    dates = [Term(d.days, d.first, d.last, d.rank) for d in dates_of(reading, now)]
    terms = sorted([*_summed(reading, spans), *dates], key=lambda t: t.first)
    return corrected_mentions(reading, _followed(reading, numbers, terms))


def _fortnights(reading: Reading) -> list[Number]:
    """`46 AGI, fortnight` leaves out the one."""
    return [
        Number(Decimal(1), index, index - 1)
        for index, token in enumerate(reading.tokens)
        if token.fold in _FORTNIGHT and reading.fold(index - 1) in _PAUSED
    ]


def chosen_term(terms: Sequence[Term]) -> Term | None:
    """The one deadline of the highest rank, or None where several compete."""
    best = max((t.rank for t in terms), default=0)
    top = [t for t in terms if t.rank == best and best > 0]
    return top[0] if len({t.days for t in top}) == 1 else None


def _summed(reading: Reading, spans: Sequence[Duration]) -> list[Term]:
    """`1 week and 3 days` is one deadline; hours round up to whole days."""
    joined: list[Duration] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.unit > span.unit and _touch(reading, last.last + 1, span.first):
            rank = max(last.rank, span.rank)
            joined[-1] = Duration(last.hours + span.hours, span.unit, last.first, span.last, rank)
        else:
            joined.append(span)
    return [Term(_days(s.hours), s.first, s.last, s.rank) for s in joined]


def _touch(reading: Reading, start: int, end: int) -> bool:
    return [reading.fold(i) for i in range(start, end)] in ([], ["and"], ["et"], ["y"])


def _days(hours: Decimal) -> int:
    days = (hours / HOURS_A_DAY).to_integral_value(rounding=ROUND_CEILING)
    return int(min(days, Decimal(10**9)))


def _followed(reading: Reading, numbers: Sequence[Number], terms: list[Term]) -> list[Term]:
    """Adds the bare number of a correction: `5 days, no wait, 6`."""
    added, known = list(terms), {term.first for term in terms}
    for term in terms:
        after = number_after(numbers, term.last)
        if after is None or after.value is None or after.first in known:
            continue
        ends = reading.fold(after.last + 1) in ENDS and after.first - term.last <= 6  # noqa: PLR2004
        if ends and is_correction(reading, term.last + 1, after.first):
            added.append(Term(int(after.value), after.first, after.last, term.rank))
    return sorted(added, key=lambda t: t.first)
