"""Which ENS name acts: the label before the domain, or one that is said to be a name."""

import re

from onebox.planner.mentions import corrected_mentions
from onebox.planner.names import Named, distinct
from onebox.planner.normalise import Reading
from onebox.planner.turns import Said
from onebox.planner.words import ROLES, bag

_ENS = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.(?:agent|club)\.agi\.eth")
_SUBDOMAIN = re.compile(
    r"\b(?:ens(?: sub-?domain| name| label)?|sub-?domain)\b\s*(?:is|:|=)?\s*"
    r"[\"']?([a-z0-9][a-z0-9-]{0,62})(?![\w.])",
    re.IGNORECASE,
)
_AS = re.compile(
    r"\b(?:as|en tant que|como)\s(?P<label>[a-z0-9][a-z0-9-]{0,62})(?=\s*(?:[,;!?\n]|\.(?!\w)|$"
    r"|\s(?:please|and|for|on|to|with|now|thanks|then|por favor|et|y)\b))",
    re.IGNORECASE,
)
_NO_LABEL = frozenset(ROLES) | bag(
    """
    is as for to and the name subdomain domain label my of in on a an applicant me us you i we
    it one soon well usual such follows result results deliverable deliverables work final draft
    success successful successfully failure failed unsuccessful approved rejected good bad complete
    completed done fast quickly possible employer client freelancer worker contributor contractor
    candidate developer designer writer translator operator owner admin governance reviewer
    proof evidence planned agreed discussed asked requested required ordered instructed promised
    before always ever yes no valid invalid accepted an un una une el la le les los las
    resultado exito reussi succes team tester editor expert volunteer user member correct wrong
    incorrect fine ok okay excellent insufficient acceptable unacceptable ready final perfect great
    poor passed passing satisfactory unsatisfactory sufficient pending per urgent
    """
)


def labels_of(reading: Reading) -> list[Said[str]]:
    """The distinct ENS labels under agent.agi.eth or club.agi.eth, lower case."""
    named = [
        Named(match[1], index, index)
        for index, token in enumerate(reading.tokens)
        if token.kind == "name" and (match := _ENS.fullmatch(token.text.lower()))
    ]
    full = distinct(reading, corrected_mentions(reading, named))
    return full or _named_bare(reading, _SUBDOMAIN)


def bare_labels(reading: Reading) -> list[Said[str]]:
    """`as alice`: a label without a domain, where a sentence about a job has no other."""
    return _named_bare(reading, _AS)


def _named_bare(reading: Reading, pattern: re.Pattern[str]) -> list[Said[str]]:
    """Labels without a domain, where the words before say that they are names."""
    found = [Said(m[1].lower(), m.span(1)) for m in pattern.finditer(reading.text)]
    labels = [label for label in found if label.value not in _NO_LABEL]
    return list({label.value: label for label in labels}.values())
