"""What a group of digits with its separators stands for, where only one reading is left."""

import re
from decimal import Decimal

_COMMAS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CENTS = re.compile(r"[0-9]+,[0-9]{2}")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_MAX_DIGITS = 60


def value_of(text: str, language: str) -> Decimal | None:
    """None for what a careful reader would ask about, such as 1.500, 1,5 or a Spanish 1,500."""
    if "'" in text:
        return _with_commas(text.replace("'", ","))  # 1'500 has one reading everywhere
    if len(text) > _MAX_DIGITS or _ONE_GROUP.fullmatch(text):
        return None
    if language != "en" and _DOTS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if language == "en" or text.count(",") > 1 or "." in text:
        grouped = _with_commas(text)
        if grouped is not None:
            return grouped
    return _plain(text, language)


def _with_commas(text: str) -> Decimal | None:
    known = len(text) <= _MAX_DIGITS and _COMMAS.fullmatch(text)
    return Decimal(text.replace(",", "")) if known else None


def _plain(text: str, language: str) -> Decimal | None:
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if language != "en" and _CENTS.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return Decimal(text.replace(".", "")) if _DOTS.fullmatch(text) and "," not in text else None
