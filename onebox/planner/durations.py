"""Lengths of time in the text, each with how surely it is the deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from onebox.planner.amounts import CURRENCY
from onebox.planner.mentions import in_range
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number
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
ENDS = frozenset({"", "\n"}) | bag(", . ; : ! ? ) - and or for reward pay max please thanks")
_OF, _TIME = bag("of de d' worth"), bag("time work effort")
_OR_SO = bag("so more less two three four 2 3 4")
_MODALS = bag("should must will can may to")
_FROM = bag("on from after")
_NAMED_DAYS = frozenset(WEEKDAYS) | bag("tomorrow next this")
_MONEY = CURRENCY | FOREIGN | FOREIGN_SIGNS
_STOPS = frozenset({"", "\n"}) | bag(", . ; ! please")
_WORK = bag("job task gig bounty mission trabajo tarea travail")
HOURS_A_DAY = 24


@dataclass(frozen=True)
class Duration:
    """`hours` in all; `unit` is the hours of its last unit; `rank` as a Term's."""

    hours: Decimal
    unit: int
    first: int
    last: int
    rank: int


def duration_of(reading: Reading, numbers: Sequence[Number], place: int) -> Duration | None:
    """What one of the numbers counts in units of time, or None where it counts none."""
    number = numbers[place]
    if number.value is None:
        return None
    labelled = _labelled(reading, number)
    if labelled:
        return Duration(_signed(number) * labelled, labelled, number.first, number.last, 3)
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
    return Duration(count * hours, UNIT_HOURS[unit], number.first, at, rank)


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
        return HOURS_A_DAY
    if reading.fold(number.first - 1) not in {":", "="}:
        return 0
    for back in range(2, 6):
        word = reading.fold(number.first - back)
        if word in _BARE_KEYS or word in UNIT_HOURS:
            return UNIT_HOURS.get(word, HOURS_A_DAY)
        if word not in {"(", ")", "in", "of"}:
            break
    return 0


def _vague(reading: Reading, number: Number, at: int) -> bool:
    before, after = reading.fold(number.first - 1), reading.fold(at + 1)
    if before in _MONEY and reading.fold(number.first) in {"a", "an"}:
        return True  # `20 AGI an hour` is a rate
    if after == "tomorrow" or (after in _FROM and reading.fold(at + 2) in _NAMED_DAYS):
        return True  # `a week on Tuesday` is a date
    if _spread(reading, number):
        return False
    if before in _VAGUE or after in _NOT_CALENDAR:
        return True
    return after in {"or", "ou", "o"} and reading.fold(at + 2) in _OR_SO


def _spread(reading: Reading, number: Number) -> bool:
    """`275 AGI over three weeks`: the time for the money, not a bound."""
    return reading.fold(number.first - 1) == "over" and reading.fold(number.first - 2) in CURRENCY


def _rank(reading: Reading, number: Number, at: int) -> int:
    """1 in passing (`30 days of logs`), 2 plain (`, 5 days`), 3 behind a word of time."""
    after, before = reading.fold(at + 1), reading.fold(number.first - 1)
    lasting = _lasting(reading, number, after)
    if lasting:
        return lasting
    if _spread(reading, number):
        return 3
    if before == "next" and reading.fold(number.first - 3) in {"over", "in", "within", "during"}:
        return 3  # `over the next 6 days`
    if _key_before(reading, number.first) or after in {"deadline", "limit"}:
        return 3
    if before in _PAST or (after in _OF and reading.fold(at + 2) not in _TIME):
        return 0
    return 2 if after in ENDS or after in _AFTER_KEYS or before in {",", ";", "\n", "-"} else 1


def _lasting(reading: Reading, number: Number, after: str) -> int:
    """The rank of `should last 11 days`, `66 AGI for one month`, `a tester for 45 days`."""
    before, behind = reading.fold(number.first - 1), reading.fold(number.first - 2)
    if before == "last" and behind in _MODALS:
        return 3
    if before != "for" or behind in CURRENCY:
        return 2 if before == "for" else 0
    if after not in _STOPS | {"paying", "at"}:
        return 0
    return 2 if behind in _WORK else 1


def _key_before(reading: Reading, index: int) -> bool:
    for back in range(1, 5):
        word = reading.fold(index - back)
        if word in _KEYS:
            return True
        if word not in _LINKS and word not in {"up", "most", "at", "no", "more", "than", "max"}:
            return False
    return False
