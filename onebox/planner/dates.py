"""Calendar dates and weekdays as days from today (UTC), whatever the time of day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from onebox.planner.normalise import Reading
from onebox.planner.words import CORRECTION, MONTHS, ORDINALS, WEEKDAYS, bag

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_DAY = rf"(?P<day>[0-9]{{1,2}}|{'|'.join(sorted(ORDINALS, key=len, reverse=True))})"
_ORDINAL = r"(?:(?: st| nd| rd| th| er)(?= ))?"
_DAY_FIRST = re.compile(
    rf" {_DAY}{_ORDINAL}(?: of| de| -)? (?P<month>{_MONTH})"
    r"(?: \.)?(?:(?: ,| de| del| -)? (?P<year>20[0-9]{2}))?(?= )"
)
_MONTH_FIRST = re.compile(
    rf" (?P<month>{_MONTH})(?: \.)?(?: the)? {_DAY}{_ORDINAL}"
    r"(?:(?: ,)? (?P<year>20[0-9]{2}))?(?= )"
)
_ISO = re.compile(r" (?P<year>20[0-9]{2}) [-/] (?P<month>[0-9]{2}) [-/] (?P<day>[0-9]{2})(?= )")
_NUMERIC = re.compile(
    r" (?P<a>[0-9]{1,2}) / (?P<b>[0-9]{1,2}) / (?P<year>20[0-9]{2})(?= )"
    r"| (?P<dotted>[0-9]{1,2}\.[0-9]{1,2}\.20[0-9]{2})(?= )"
    r"|(?<= by) (?P<short>[0-9]{1,2}\.[0-9]{1,2}) \.(?= )"
)
_NAMED_DAY = re.compile(
    r" (?P<weeks>(?:a|one|two) weeks? (?:on|from|after) )?"
    r"(?P<next>next |this |coming |last |past )?"
    rf"(?P<weekday>{_WEEKDAY})(?P<after> prochain| proximo| of next week| next week| week)?(?= )"
    rf"(?! (?:, )?(?:the )?(?:[0-9]{{1,2}}{_ORDINAL}(?: of| de)? (?:{_MONTH})"
    rf"|(?:{_MONTH}) [0-9]) ?)"
)
_RELATIVE = re.compile(
    r" (?P<day>(?:the )?day after tomorrow|(?:a )?week (?:from )?tomorrow|tomorrow week"
    r"|apres - demain|pasado manana|tomorrow|demain"
    r"|manana|yesterday|hier|ayer|today|tonight|aujourd'hui|hoy)(?= )"
)
_PERIOD_END = re.compile(
    rf" (?:the )?end of (?:the |this )?(?P<what>month|year|{_MONTH})(?= )"
    r"| (?:the )?(?P<short>month|year)(?: -|'s)? end(?= )"
)
_HOUR = (
    r"(?: noon| midday| midnight| close of business| cob| eod| [0-9]{1,2}(?: : [0-9]{2})?"
    r"(?: am| pm| h| utc)*)?"
)
_KEY = re.compile(
    r"(?: (?:ready|done|finished|complete|completed|needed|delivered|due|delivery|end|ends"
    r"|closes) on"
    r"| by| before| until| till| due| deadline| date| day| deliver| delivery| than| avant"
    r"| d' ici| pour| antes| hasta| para| ending| ends| no later than)"
    r"(?: :| is| was| on| by| the| le| el| del| de| la| of| end)*"
    rf"{_HOUR}(?: on)?(?: (?:mon|tues?|wed|thu|thurs?|fri|sat|sun|{_WEEKDAY})(?: [,.])?)?"
    r"(?: the)? $"
)
_BY = re.compile(
    r"(?: by| before| until| till| due| deadline| avant| d' ici| hasta| antes de| para)"
    rf"(?: :| is| on| by| the)*{_HOUR} $"
)
_ON = re.compile(r" on(?: the)? $")
_BEFORE = frozenset({"", "\n"}) | bag(", ; : - ( needed finish finished done deliver ready wanted")
_AFTER = frozenset({"", "\n"}) | bag(", ; . : - ) ! please thanks for and at or i we")
_DAYS = {
    **dict.fromkeys(("today", "tonight", "aujourd'hui", "hoy"), 0),
    **dict.fromkeys(("tomorrow", "demain", "manana"), 1),
    **dict.fromkeys(("yesterday", "hier", "ayer"), -1),
}
_DAY_AFTER_TOMORROW = 2
_WEEK_TOMORROW = 8
_WEEK = 7
_JUST_GONE = 60


@dataclass(frozen=True)
class DateMention:
    """A day named by the text, `days` from today.

    `rank` is 3 behind a word such as `by`, 2 between pauses, 1 behind `on`, 0 in passing.
    """

    days: int
    first: int
    last: int
    rank: int


def dates_of(reading: Reading, now: datetime) -> Iterator[DateMention]:
    """All days that the text names, in no particular order."""
    today = now.astimezone(UTC).date()
    for pattern in (_ISO, _NUMERIC, _DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(reading.plain):
            day = _date(found.groupdict(), today)
            if day is not None:
                yield _mention(reading, found, (day - today).days)
    for found in _NAMED_DAY.finditer(reading.plain):
        yield _mention(reading, found, _until_weekday(found, today))
    for found in _RELATIVE.finditer(reading.plain):
        # `yesterday's logs` are no deadline: only a word such as `by` makes it one.
        if _BY.search(_behind(reading, found)):
            later = _WEEK_TOMORROW if "week" in found["day"] else _DAY_AFTER_TOMORROW
            yield _mention(reading, found, _DAYS.get(found["day"], later))
    for found in _PERIOD_END.finditer(reading.plain):
        yield _mention(
            reading, found, (_last_day(found["what"] or found["short"], today) - today).days
        )


def _mention(reading: Reading, found: re.Match[str], days: int) -> DateMention:
    first, last = reading.token_at(found.start() + 1), reading.token_at(found.end() - 1)
    return DateMention(days, first, last, _rank(reading, _behind(reading, found), first, last))


def _rank(reading: Reading, behind: str, first: int, last: int) -> int:
    """`our Friday party` names a day in passing; `, Friday` and `needed Friday` mean it."""
    if _KEY.search(behind) or reading.fold(first - 1) in CORRECTION:
        return 3
    if _ON.search(behind):
        return 1
    before, after = reading.fold(first - 1), reading.fold(last + 1)
    return 2 if before in _BEFORE and after in _AFTER else 0


def _behind(reading: Reading, found: re.Match[str]) -> str:
    return reading.plain[max(0, found.start() - 40) : found.start() + 1]


def _date(parts: dict[str, str | None], today: date) -> date | None:
    try:
        return _parsed(parts, today)
    except ValueError:
        return None  # 31 February is no day


def _parsed(parts: dict[str, str | None], today: date) -> date | None:
    if parts.get("dotted"):
        day, month, year = (int(part) for part in str(parts["dotted"]).split("."))
        return date(year, month, day)
    if parts.get("a"):
        return _slashed(int(str(parts["a"])), int(str(parts["b"])), int(str(parts["year"])))
    if parts.get("short"):
        day, month = (int(part) for part in str(parts["short"]).split("."))
        return _coming(today, month, day)
    name, said = str(parts["month"]), str(parts["day"])
    day = ORDINALS.get(said) or int(said)
    month = MONTHS.get(name) or int(name)
    if parts.get("year"):
        return date(int(str(parts["year"])), month, day)
    return _coming(today, month, day)


def _coming(today: date, month: int, day: int) -> date:
    soon = date(today.year, month, day)
    # A day that has just gone by is a slip to name, not a deadline of a year.
    return soon if (today - soon).days <= _JUST_GONE else date(today.year + 1, month, day)


def _slashed(a: int, b: int, year: int) -> date | None:
    """3/4/2027 has two readings; 25/12/2026 has one."""
    months = 12
    if a > months:
        return date(year, b, a)
    return date(year, a, b) if b > months or a == b else None


def _last_day(period: str, today: date) -> date:
    """The last day of this month, this year, or the coming month of a name."""
    month = {"month": today.month, "year": 12}.get(period) or MONTHS[period]
    year = today.year if month >= today.month else today.year + 1
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _until_weekday(found: re.Match[str], today: date) -> int:
    """The first such day after today; `next` names the one of next week (Monday first)."""
    days = (WEEKDAYS[found["weekday"]] - today.weekday() - 1) % _WEEK + 1
    word, next_monday = (found["next"] or "").strip(), _WEEK - today.weekday()
    word = "next" if (found["after"] or "").endswith(" next week") else word
    if word in {"last", "past"}:
        return days - _WEEK if days < _WEEK else -_WEEK
    if word == "next" and days < next_monday:
        days += _WEEK
    return days + _WEEK * _extra_weeks(found)


def _extra_weeks(found: re.Match[str]) -> int:
    """`Friday week` and `a week on Friday` are a week later."""
    ahead = (found["weeks"] or "").partition(" ")[0]
    return {"": 0, "two": 2}.get(ahead, 1) + ((found["after"] or "") == " week")
