"""Why a number in the text was not taken as an amount or a time: forms with two readings."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.slots import Slots

_FORMS = (
    (re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+(?!\w)"), "an exponent"),
    (re.compile(r"(?<!\w)[0-9]+(?:_[0-9]+)+(?!\w)"), "digits joined by underscores"),
    (re.compile(r"(?<!\w)0[xX][0-9A-Fa-f]{1,32}(?!\w)"), "a hexadecimal number"),
    (re.compile(r"[\u00bc-\u00be\u2150-\u215e]"), "a fraction"),
    (re.compile(r"(?<![\w/])[0-9]{1,3}/[0-9]{1,3}(?![\w/])"), "a fraction"),
    (re.compile(r"\b(?:half an?|and a half|a quarter)\b", re.IGNORECASE), "a fraction"),
    (re.compile(r"[^\W0-9_a-zA-Z]*(?![0-9])\d+"), "digits of another script"),
    (re.compile(r"(?<![\w.,])[0-9]+,[0-9]{1,2}(?![\w,])"), "a decimal comma"),
    (re.compile(r"(?<![\w.,])[1-9][0-9]{0,2}[.,][0-9]{3}(?![\w,])"), "one separator, two readings"),
    (re.compile(r"\b(?:working|business) days\b", re.IGNORECASE), "working days"),
)
_AMOUNTS = {"reward_agialpha", "amount_agialpha", "deadline_days"}


def unclear_numbers(reading: Reading, slots: Slots) -> tuple[str, ...]:
    """A warning per form, where an amount or a deadline is missing."""
    if not _AMOUNTS & {*slots.missing}:
        return ()
    warnings = []
    for form, name in _FORMS:
        found = form.search(reading.text)
        if found is not None:
            warnings.append(f"NUMBER_UNCLEAR: '{found[0][:40]}' has {name}; write plain digits.")
    return tuple(dict.fromkeys(warnings))
