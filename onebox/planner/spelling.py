"""Slips of the finger in the words that matter: swapped, lost, doubled or wrong letters."""

from collections.abc import Iterator

from onebox.planner.words import bag

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = 6  # from here on a wrong or extra letter is mended too

_WORDS = (
    *("post", "apply", "applying", "application", "submit", "submitting", "submission"),
    *("finalize", "finalise", "payout", "validate", "approve", "reject", "dispute", "contest"),
    *("stake", "unstake", "withdraw", "cancel", "reclaim", "refund", "reward", "deadline"),
    *("days", "week", "weeks", "hours", "month", "months", "fortnight", "validator"),
    *(
        "platform",
        "agent",
        "success",
        "successful",
        "create",
        "failed",
        "failure",
        "publish",
        "within",
        "bounty",
    ),
)

# Words that are no slips: one letter away from a word that matters, with a meaning of its own.
_REAL = bag(
    """
    pot pots past pos poet posts poster hours hour hous ours your yours day das week wee eek
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
    approver approval improve improved
    """
)
_SHORT = {
    "pst": "post",
    "jbo": "job",
    "jb": "job",
    "dyas": "days",
    "jobb": "job",
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
    kept = {slip: word for slip, word in slips.items() if slip not in {*_REAL, *_WORDS}}
    return {**kept, **_SHORT}


_MENDED = _mended()
