"""The key and value of a governance setting, letter by letter as the text has them."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.words import bag

_SET = re.compile(
    r"\b(?:set|change|update|configure|adjust|raise|lower|increase|decrease|reduce|make|switch|put"
    r"|turn|pon|cambia|fija|configura|mets|regle|change[rz]?|definis)\b(?P<rest>[^\n]{1,600})",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s(?:to|as|=|:=|into)\s+(?P<value>\S.*)|\s?(?:=|:=)\s?(?P<same>\S.*)", re.IGNORECASE
)
_TO_ABROAD = re.compile(r"\s(?:a|à|en|sur)\s+(?P<value>\S.*)|\s?(?P<same>(?!))", re.IGNORECASE)
_PAIR = re.compile(r"\b(?P<key>[A-Za-z_][\w.]{1,80}?)\s?(?:=|:=|:)\s?(?P<value>[^\s/].*)")
_SHOULD = re.compile(
    r"\b(?P<key>[A-Za-z_][\w.]{1,80})\s+(?:should|must) (?:be|become)\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(
    r"\b(?:[A-Za-z]\w*(?:\.[A-Za-z]\w*)+|[a-z]+[A-Z]\w*|[A-Za-z]+(?:_[A-Za-z0-9]+)+)\b"
)
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_GENERIC = bag(
    "the a an config configuration key parameter parameters setting settings value values option"
    " of "
    "admin governance new for my our to from please this that as el la le un una nuevo valor"
)
_VALUE = re.compile(r"\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S+)")
_NO_WAIT = re.compile(
    r",?\s(?:sorry|no wait|actually|i mean|rather)[, ]+(?:to )?(?P<value>\S.*)", re.IGNORECASE
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def setting_of(reading: Reading) -> tuple[str | None, str | None]:
    """(key, value) of the setting; None for a part that the text does not give."""
    found = _SET.search(reading.text)
    if found is None:
        pair = _SHOULD.search(reading.text) or _PAIR.search(reading.text)
        return (pair["key"], _value(pair["value"])) if pair else (_key(reading.text), None)
    rest = found["rest"]
    to = _TO.search(rest) or (None if reading.language == "en" else _TO_ABROAD.search(rest))
    if to is None:
        return _key(rest), None
    value = to["value"] or to["same"]
    return _key(rest[: to.start()]), _value(value)


def _key(text: str) -> str | None:
    identifiers = list(dict.fromkeys(IDENTIFIER.findall(text)))
    if identifiers:
        return str(identifiers[-1]) if len(identifiers) == 1 else None
    words = [w for w in _WORD.findall(text.partition(" from ")[0]) if w.lower() not in _GENERIC]
    return words[0].rstrip(".") if len(words) == 1 else None


def _value(text: str) -> str | None:
    again = _NO_WAIT.search(text)
    if again is not None:
        text = again["value"]
    found = _VALUE.match(text)
    if found is None:
        return None
    if found["bare"] is None:
        return (found["quoted"] if found["quoted"] is not None else found["single"]) or None
    value = found["bare"].rstrip(".,;:!?)\"'")
    if _GROUPED.fullmatch(value):
        value = value.replace(",", "")
    number = value.removesuffix("%")
    return number if number != value and number.replace(".", "").isdigit() else value or None
