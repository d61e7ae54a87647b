"""The key and value of a governance setting, letter by letter as the text has them."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.turns import Said
from onebox.planner.words import bag

_SET = re.compile(
    r"\b(?:set|change|update|configure|adjust|raise|lower|increase|decrease|reduce|make|switch|put"
    r"|bump|modify|edit|define|move|bring|point|toggle|flip|assign|alter|replace|reset|enable"
    r"|disable"
    r"|turn|give(?= \S+ (?:an?|the) (?:new )?value)|pon|cambia|fija|configura|mets|regle"
    r"|change[rz]?|definis)\b(?P<rest>[^\n]{1,600})",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s(?:to|as|at|=|:=|into|--?value|an? (?:new )?value of|the value(?! (?:to|as|at|of"
    r"|=)))\s+(?P<value>\S.*)|\s?(?:[=-]>|→|=|:=|:\s)\s?(?P<same>\S.*)",
    re.IGNORECASE,
)
# `set feePct 3`: a value that only stands behind its key.
_BESIDE = re.compile(
    r"\s[A-Za-z_][\w.]*(?:\svalue)?\s(?P<value>[0-9]\S*|true|false|on|off)[.!]?\s*$"
)
_TO_ABROAD = re.compile(r"\s(?:a|à|en|sur)\s+(?P<value>\S.*)|\s?(?P<same>(?!))", re.IGNORECASE)
_PAIR = re.compile(
    r"\b(?!(?i:config|configuration|settings?|admin|governance|parameters?|key|value)\b)"
    r"(?P<key>[A-Za-z_][\w.]{1,80}?)\s?(?:=|:=|:)\s?(?P<value>[^\s/].*)"
)
_SHOULD = re.compile(
    r"\b(?P<key>[A-Za-z_][\w.]{1,80})\s+(?:should |must |shall )?(?:be|become)\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(
    r"\b(?:[A-Za-z]\w*(?:\.[A-Za-z]\w*)+|[a-z]+[A-Z]\w*|[A-Za-z]+(?:_[A-Za-z0-9]+)+)\b"
)
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_GENERIC = bag(
    "the a an config configuration key parameter parameters setting settings value values option"
    " of "
    "admin governance new for my our to from please this that it them as el la le un una nuevo "
    "valor"
)
_QUOTED = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'")
_VALUE = re.compile(r"\S(?:[^\n.!?;,]|[.!?;,](?!\s|$)){0,300}")
# What follows a value without being part of it.
_ASIDE = re.compile(
    r"\s(?:please|pls|thanks|thank you|now|asap|today|immediately|for (?:me|us|now)|as (?:admin"
    r"|governance)|on my behalf|because|since|instead|por favor|merci|gracias|s'il)(?![\w-]).*$",
    re.IGNORECASE,
)
_NO_WAIT = re.compile(
    r"[,.;-]?\s(?:sorry|no,? wait|actually|i mean|rather|correction|scratch that|make (?:it|that)"
    r"|oops)[,:]?\s(?:to |make (?:it|that) )?(?P<value>\S)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


Part = Said[str] | None


def setting_of(reading: Reading) -> tuple[Part, Part]:
    """(key, value) of the setting; None for a part that the text does not give."""
    text = reading.text
    found = _SET.search(text)
    if found is None:
        pair = _SHOULD.search(text) or _PAIR.search(text)
        if pair is None:
            return _key(text, 0, len(text)), None
        return Said(pair["key"], pair.span("key")), _value(text, pair.start("value"))
    start, end = found.span("rest")
    to = _TO.search(text, start, end)
    if to is None and reading.language != "en":
        to = _TO_ABROAD.search(text, start, end)
    if to is None:
        beside = _BESIDE.search(text, start, end)
        if beside is None:
            return _key(text, start, end), None
        return _key(text, start, beside.start("value")), _value(text, beside.start("value"))
    group = "value" if to["value"] else "same"
    key = _key(text, start, to.start()) or _identifier(text, 0, found.start())
    return key, _value(text, to.start(group))


def _identifier(text: str, start: int, end: int) -> Part:
    found = {m[0]: m.span() for m in IDENTIFIER.finditer(text, start, end)}
    return Said(*next(iter(found.items()))) if len(found) == 1 else None


def _key(text: str, start: int, end: int) -> Part:
    found = {m[0]: m.span() for m in IDENTIFIER.finditer(text, start, end)}
    if not found:
        end = start + len(text[start:end].partition(" from ")[0])
        words = [(m[0].rstrip("."), m.start()) for m in _WORD.finditer(text, start, end)]
        found = {w: (at, at + len(w)) for w, at in words if w.lower() not in _GENERIC}
    return Said(*next(iter(found.items()))) if len(found) == 1 else None


def _value(text: str, start: int) -> Part:
    again = _NO_WAIT.search(text, start)
    start = again.start("value") if again is not None else start
    quoted = _QUOTED.match(text, start)
    if quoted is not None:
        group = "double" if quoted["double"] else "single"
        return Said(quoted[group], quoted.span(group)) if quoted[group] else None
    bare = _VALUE.match(text, start)
    if bare is None:
        return None
    said = _ASIDE.sub("", bare[0]).rstrip(" .,;:!?)\"'")
    return Said(_plain_number(said), (start, start + len(said))) if said else None


def _plain_number(said: str) -> str:
    """`1,500` is 1500 and `4%` is 4; anything else stays letter by letter."""
    bare = said.replace(",", "") if _GROUPED.fullmatch(said.removesuffix("%")) else said
    number = bare.removesuffix("%").rstrip()
    return number if number.replace(".", "", 1).isdigit() else said
