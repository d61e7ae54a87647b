"""Which deadline the sentence asks for, in whole days from now; never an invented one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from onebox.planner.amounts import CURRENCY
from onebox.planner.dates import dates_of
from onebox.planner.mentions import corrected_mentions, in_range, is_correction
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, number_after
from onebox.planner.words import FOREIGN, FOREIGN_SIGNS, UNIT_HOURS, WEEKDAYS, bag

_UNITS = frozenset(UNIT_HOURS)
_KEYS = bag(
    "deadline within in deadlinedays deadline_days due limit time inside delai plazo dans under "
    "sous duration finish finished done deliver takes take timeframe timeline have has"
)
_BARE_KEYS = frozenset({"deadlinedays", "deadline_days", "durationdays"})
_LABEL_ENDS = frozenset({"", "\n"}) | bag(", . ; - max")
_LINKS = bag(": = of is a the d' de , - for dias be to will")
_AFTER_KEYS = bag("deadline to limit time max maximum turnaround window timeline from")
_PAST = bag("last past previous every each first next these those for our the")
_VAGUE = bag("about around roughly approximately least over than minimum ~ environ every")
_NOT_CALENDAR = bag("ago old working business trading ouvres habiles laborables")
_ENDS = frozenset({"", "\n"}) | bag(", . ; : ! ? ) - and or for reward pay max please thanks")
_OF, _TIME = bag("of de d' worth"), bag("time work effort")
_OR_SO = bag("so more less two three four 2 3 4")
_FORTNIGHT, _PAUSED = bag("fortnight quinzaine quincena"), frozenset({"", "\n"}) | bag(", ; - .")
_MODALS = bag("should must will can may to")
_FROM = bag("on from after")
_NAMED_DAYS = frozenset(WEEKDAYS) | bag("tomorrow next this")
_MONEY = CURRENCY | FOREIGN | FOREIGN_SIGNS
_STOPS = frozenset({"", "\n"}) | bag(", . ; ! please")
_WORK = bag("job task gig bounty mission trabajo tarea travail")
_HOURS_A_DAY = 24


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
    spans = [span for i in range(len(counted)) if (span := _duration(reading, counted, i))]
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


@dataclass(frozen=True)
class _Span:
    hours: Decimal
    unit: int
    first: int
    last: int
    rank: int


def _duration(reading: Reading, numbers: Sequence[Number], place: int) -> _Span | None:
    number = numbers[place]
    if number.value is None:
        return None
    labelled = _labelled(reading, number)
    if labelled:
        return _Span(_signed(number) * labelled, labelled, number.first, number.last, 3)
    at = number.last + 1
    if reading.fold(at) == "-":
        at += 1
    half = _half_at(reading, at)
    at += 3 * half
    unit = reading.fold(at)
    if unit not in UNIT_HOURS or number.quoted or in_range(reading, numbers, place, _UNITS):
        return None
    if _vague(reading, number, at):
        return None
    hours = UNIT_HOURS[unit] or Decimal(1) / 60
    count = _signed(number)
    if half or _half_at(reading, at + 1):
        count += Decimal("0.5")
        at += 0 if half else 3
    rank = _rank(reading, number, at)
    return _Span(count * hours, UNIT_HOURS[unit], number.first, at, rank)


def _half_at(reading: Reading, at: int) -> bool:
    """`a week and a half`, `two and a half weeks`."""
    return [reading.fold(at + i) for i in range(3)] == ["and", "a", "half"]


def _signed(number: Number) -> Decimal:
    value = number.value or Decimal(0)
    return -value if number.negative else value


def _labelled(reading: Reading, number: Number) -> int:
    """The unit's hours in `deadlineDays: 10` and `Deadline (days): 5`, else 0."""
    if reading.fold(number.last + 1) not in _LABEL_ENDS:
        return 0
    if reading.fold(number.first - 1) in _BARE_KEYS:
        return _HOURS_A_DAY
    if reading.fold(number.first - 1) not in {":", "="}:
        return 0
    for back in range(2, 6):
        word = reading.fold(number.first - back)
        if word in _BARE_KEYS or word in UNIT_HOURS:
            return UNIT_HOURS.get(word, _HOURS_A_DAY)
        if word not in {"(", ")", "in", "of"}:
            break
    return 0


def _vague(reading: Reading, number: Number, at: int) -> bool:
    before, after = reading.fold(number.first - 1), reading.fold(at + 1)
    if before in _MONEY and reading.fold(number.first) in {"a", "an"}:
        return True  # `20 AGI an hour` is a rate
    if after == "tomorrow" or (after in _FROM and reading.fold(at + 2) in _NAMED_DAYS):
        return True  # `a week on Tuesday` is a date
    if before in _VAGUE or after in _NOT_CALENDAR:
        return True
    return after in {"or", "ou", "o"} and reading.fold(at + 2) in _OR_SO


def _rank(reading: Reading, number: Number, at: int) -> int:
    """1 in passing (`30 days of logs`), 2 plain (`, 5 days`), 3 behind a word of time."""
    after, before = reading.fold(at + 1), reading.fold(number.first - 1)
    if before == "next" and reading.fold(number.first - 3) in {"over", "in", "within", "during"}:
        return 3  # `over the next 6 days`
    if _key_before(reading, number.first) or after in {"deadline", "limit"}:
        return 3
    if before == "last" and reading.fold(number.first - 2) in _MODALS:
        return 3  # `should last 11 days`
    if before == "for" and reading.fold(number.first - 2) in CURRENCY:
        return 2  # `66 AGI for one month`
    if before == "for" and after in _STOPS | {"paying", "at"}:
        return 2 if reading.fold(number.first - 2) in _WORK else 1  # `a tester for 45 days`
    if before in _PAST or (after in _OF and reading.fold(at + 2) not in _TIME):
        return 0
    return 2 if after in _ENDS or after in _AFTER_KEYS or before in {",", ";", "\n", "-"} else 1


def _key_before(reading: Reading, index: int) -> bool:
    for back in range(1, 5):
        word = reading.fold(index - back)
        if word in _KEYS:
            return True
        if word not in _LINKS and word not in {"up", "most", "at", "no", "more", "than", "max"}:
            return False
    return False


def _summed(reading: Reading, spans: Sequence[_Span]) -> list[Term]:
    """`1 week and 3 days` is one deadline; hours round up to whole days."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.unit > span.unit and _touch(reading, last.last + 1, span.first):
            rank = max(last.rank, span.rank)
            joined[-1] = _Span(last.hours + span.hours, span.unit, last.first, span.last, rank)
        else:
            joined.append(span)
    return [Term(_days(s.hours), s.first, s.last, s.rank) for s in joined]


def _touch(reading: Reading, start: int, end: int) -> bool:
    return [reading.fold(i) for i in range(start, end)] in ([], ["and"], ["et"], ["y"])


def _days(hours: Decimal) -> int:
    days = (hours / _HOURS_A_DAY).to_integral_value(rounding=ROUND_CEILING)
    return int(min(days, Decimal(10**9)))


def _followed(reading: Reading, numbers: Sequence[Number], terms: list[Term]) -> list[Term]:
    """Adds the bare number of a correction: `5 days, no wait, 6`."""
    added, known = list(terms), {term.first for term in terms}
    for term in terms:
        after = number_after(numbers, term.last)
        if after is None or after.value is None or after.first in known:
            continue
        ends = reading.fold(after.last + 1) in _ENDS and after.first - term.last <= 6  # noqa: PLR2004
        if ends and is_correction(reading, term.last + 1, after.first):
            added.append(Term(int(after.value), after.first, after.last, term.rank))
    return sorted(added, key=lambda t: t.first)
