"""In which role a stake is meant."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.turns import Said, said_last
from onebox.planner.words import ROLES

_ROLE_KEYED = re.compile(
    r" (?:(?:as|role|for|from|en tant que|como|comme) (?:[:=] )?(?:an? |the |my |our |un |une |le"
    r" |la )?"
    r"(?P<after>\w+)|(?P<before>\w+) (?:role|stake|staking|side|pool))(?= )"
)


def role_of(reading: Reading) -> Said[str] | None:
    """The one staking role that the text names; a corrected one replaces the first."""
    return said_last(reading, _role)


def _role(reading: Reading, plain: str) -> Said[str] | None:
    from_place = len(plain) - len(plain.lstrip(" ~"))
    first = reading.token_at(from_place)
    named = [
        Said(ROLES[token.fold], (token.start, token.end))
        for token in reading.tokens[first:]
        if token.fold in ROLES and not token.quoted
    ]
    if len({role.value for role in named}) > 1:
        named = _keyed(reading, plain)
    return named[0] if len({role.value for role in named}) == 1 else None


def _keyed(reading: Reading, plain: str) -> list[Said[str]]:
    """`as an agent`, `agent stake`: the words that say which of several roles is meant."""
    found = []
    for match in _ROLE_KEYED.finditer(plain):
        group = "after" if match["after"] else "before"
        if match[group] in ROLES:
            found.append(Said(ROLES[match[group]], reading.spot(match, group)))
    return found
