"""Moments as people, plans and the budget write them."""

from datetime import UTC, datetime

_FIRST_YEAR, _LAST_YEAR = 1970, 9000


def rfc3339(seconds: float) -> str:
    """A moment as RFC 3339 in UTC, to the millisecond."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def utc_day(seconds: float) -> str:
    """Its UTC day, YYYY-MM-DD."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def instant(text: str) -> datetime | None:
    """The moment of an RFC 3339 text; None for what is none, or leaves its offset open."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    within = _FIRST_YEAR <= moment.year <= _LAST_YEAR  # so that adding to it stays a date
    return moment if moment.tzinfo is not None and within else None
