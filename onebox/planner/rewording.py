"""Requests in other grammar made orders: `I need job 8 cancelled`, `job 8 must be cancelled`."""

import re

_COURTEOUS = re.compile(
    r" (?:if|that) (?:you|someone|somebody) (?P<did>posted|created|published|opened|staked"
    r"|cancell?ed|finali[sz]ed|approved|rejected|submitted|reclaimed|disputed|withdrew|applied)"
    r"(?= )"
)
_DO = {
    **{did: did.removesuffix("ed") for did in ("posted", "opened", "rejected", "published")},
    **{did: did.removesuffix("d") for did in ("created", "staked", "approved", "disputed")},
    **{did: did.removesuffix("d") for did in ("finalized", "finalised")},
    "cancelled": "cancel",
    "canceled": "cancel",
    "withdrawn": "withdraw",
    "unstaked": "unstake",
    "validated": "validate",
    "refunded": "refund",
    "submitted": "submit",
    "reclaimed": "reclaim",
    "withdrew": "withdraw",
    "applied": "apply",
}
_PASSIVE = re.compile(
    r" (?:should|must|needs? to|has to|have to|ought to|is to)(?: please| now)? be"
    r" (?P<did>posted|published|cancell?ed|finali[sz]ed|approved|rejected|reclaimed|disputed"
    r"|validated|withdrawn|refunded)(?= )"
)
_WANTED = re.compile(
    r" (?:want|need|like|get|wish)(?P<what>(?: (?!to |i |we |you |that "
    r"|what )[^\s.,;!?]+){1,6}?)(?: to be| be)? "
    r"(?P<did>posted|created|published|opened|staked|cancell?ed|finali[sz]ed|approved|rejected"
    r"|reclaimed|disputed|validated|withdrawn|unstaked|refunded)(?= (?:[.,;!?)]|$|as|for|by|with"
    r"|to|in|and|please|now|today|asap|on|from"
    r"|because|since|so|again))"
)


def reworded(sentence: str) -> str:
    """The sentence with `please cancel` where it asks for something to be cancelled."""
    for form in (_COURTEOUS, _PASSIVE, _WANTED):
        sentence = form.sub(_ordered, sentence)
    return sentence


def _ordered(found: re.Match[str]) -> str:
    return f" please {_DO[found['did']]}{found.groupdict().get('what') or ''}"
