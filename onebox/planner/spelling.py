"""Slips of the finger in the words that matter: swapped, lost, doubled or wrong letters."""

from collections.abc import Iterator

from onebox.planner.words import (
    MONTHS,
    MULTIPLIERS,
    ORDINALS,
    SMALL_NUMBERS,
    TENS,
    UNIT_HOURS,
    WEEKDAYS,
    WHOLE_HUNDREDS,
    bag,
)

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = 6  # from here on a wrong or extra letter is mended too

_WORDS = (
    *("post", "apply", "applying", "application", "submit", "submitting", "submission"),
    *("finalize", "finalise", "payout", "validate", "approve", "reject", "dispute", "contest"),
    *("stake", "unstake", "withdraw", "cancel", "reclaim", "refund", "reward", "deadline"),
    *("days", "week", "weeks", "hours", "month", "months", "fortnight", "validator"),
    *("platform", "agent", "success", "successful", "create", "failed", "failure", "publish"),
    *("within", "bounty", "task", "tasks", "deliver", "advertise", "release", "escrow"),
    *("applicant", "register", "validating", "finalizing", "rejected", "approved", "agialpha"),
    *("hundred", "thousand", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty"),
    *("ninety", "dispute", "cancelled", "vote"),
)

# Words that are no slips: one letter away from a word that matters, with a meaning of its own.
_REAL = bag(
    """
    pot pots past pos poet posts poster hours hour ours your yours day week wee eek
    take takes sake stakes steak state stale stage stare stave skate stack staked state agents
    agenda agent's rejects rejected approves approved disputes disputed validates validated
    reply supply imply apple apples applies applied submits submitted cancels cancer canceled
    reclaims reclaimed rewards rewarded reword forward toward towards onward deadlines withdrawn
    withdraws withdrew weeks weekly weak month's months monthly mouth mouths submissions
    applications finalized finalised finalizes finalises finalist finalizer payouts validators
    validated platforms unstaked unstakes created creates creator cream crate crates cremate
    contests contested content context refunds refunded published publisher publishes publishing
    without withing posts contact contrast success's relate create created bounties county
    successfully moth moths monthly fortnights agency argent gent ages disputer disputed
    approver approval improve improved tak tas ask asks delivers delivery delivered deliverd
    deliverer advertised advertiser advertises released releases releaser escrows applicants
    registers registered thirsty nicety eighth eights seventh fort sixth fifth hundreds thousands
    approve reject hundredth thousandth twentieth
    """
)
# `eight` is one letter away from `eighty`, and is no slip.
_COUNTED = frozenset().union(
    SMALL_NUMBERS, TENS, WHOLE_HUNDREDS, MULTIPLIERS, ORDINALS, UNIT_HOURS, MONTHS, WEEKDAYS
)
_SHORT = {
    "pst": "post",
    "jbo": "job",
    "jb": "job",
    "dyas": "days",
    "jobb": "job",
    "joob": "job",
    "jjob": "job",
    "ojb": "job",
    "jobss": "jobs",
    "das": "days",
    "fourty": "forty",
    "dayz": "days",
    "dys": "days",
    "dais": "days",
    "tsk": "task",
}


def corrected(word: str) -> str:
    """The word that was meant, or the word itself."""
    return _MENDED.get(word, word)


def _slips(word: str) -> Iterator[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b and a)
    yield from (a + b[0] + b for a, b in cuts if b)
    if len(word) >= _LONG:
        yield from (a + letter + b[1:] for a, b in cuts if b and a for letter in _LETTERS)
        yield from (a + letter + b for a, b in cuts if a for letter in _LETTERS)


def _mended() -> dict[str, str]:
    slips = {slip: word for word in _WORDS for slip in _slips(word)}
    known = {*_REAL, *_WORDS, *_COUNTED}
    kept = {slip: word for slip, word in slips.items() if slip not in known}
    return {**kept, **_SHORT}


_MENDED = _mended()
