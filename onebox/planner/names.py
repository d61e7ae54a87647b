"""What the text points at: jobs, addresses of results, hashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onebox.planner.amounts import has_currency
from onebox.planner.mentions import corrected_mentions, is_foreign
from onebox.planner.negations import allowed
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, number_after
from onebox.planner.turns import Said
from onebox.planner.words import UNIT_HOURS, bag

JOB_WORDS = bag(
    "job jobs task tasks gig gigs bounty bounties mission missions listing trabajo trabajos tarea "
    "tareas encargo travail tache emploi jobid job_id posting id"
)
_LINKS = bag("# : = id no n number nr num numero no. ° º with the called . ( is")
_CORRECTS = bag("sorry no mean rather actually wait oops correction")
_LISTS = bag(", and & or + y et o ou job jobs #")
_AFTER_LIST = frozenset({"", "\n"}) | bag(", . ; and & as with for please ! by from using")
_VERBS = bag(
    "finalize finalise approve reject validate cancel dispute reclaim finalise annule cancela "
    "finaliza rejette approuve aprueba rechaza vote yes no approval rejection verdict refund apply "
    "submit"
)
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}
_RESULT_KEYS = bag(
    "result results submit submitting deliver delivering deliverable work output uri url link at "
    "resultado resultat entrega entrego livre soumets"
)
_CID = re.compile(r"(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|baf[a-z2-7]{50,90})")
_HASH_DIGITS = 66


@dataclass(frozen=True)
class Named:
    """A name at the tokens first..last."""

    value: str
    first: int
    last: int


def job_ids(reading: Reading, numbers: Sequence[Number]) -> list[Said[str]]:
    """The distinct job ids that are meant, without leading zeros; corrections applied."""
    found = [named for n in numbers if (named := _job(reading, n))]
    added = [*found, *_bare_followers(reading, numbers, found)]
    added = added or [n for number in numbers if (n := _behind_verb(reading, number))]
    meant = allowed(reading, sorted(added, key=lambda n: n.first))
    return distinct(reading, corrected_mentions(reading, meant))


def distinct(reading: Reading, named: Sequence[Named]) -> list[Said[str]]:
    """Each value once, at its first place."""
    first = {n.value: n for n in reversed(named)}
    return [Said(n.value, reading.span(n.first, n.last)) for n in reversed(first.values())]


def _job(reading: Reading, number: Number) -> Named | None:
    value = _whole(number)
    if value is None or number.quoted or number.negative or not _free(reading, number):
        return None
    back = number.first - 1
    hashed = reading.fold(back) == "#"
    while back >= 0 and number.first - back < 5 and _links(reading, back):  # noqa: PLR2004
        hashed = hashed or reading.fold(back) == "#"
        back -= 1
    if reading.fold(back) in JOB_WORDS or hashed or reading.fold(number.first - 1) == "id":
        return Named(value, back if reading.fold(back) in JOB_WORDS else back + 1, number.last)
    return None


def _links(reading: Reading, index: int) -> bool:
    """`job no. 5`, and `my job, number 5`."""
    word = reading.fold(index)
    return word in _LINKS or (word == "," and reading.fold(index + 1) in {"number", "nr"})


def _behind_verb(reading: Reading, number: Number) -> Named | None:
    """`finalize 313 with success`: what the verb is about needs no word for it."""
    value, before = _whole(number), reading.fold(number.first - 1)
    if before in {"on", "for", "to", "number", "no", "nr"}:
        before = reading.fold(number.first - 2)
    ends = reading.fold(number.last + 1) in _AFTER_LIST | {"because", "since", "!", "?", "-", ":"}
    if value is None or before not in _VERBS or not ends or number.quoted or number.negative:
        return None
    return Named(value, number.first, number.last)


def _whole(number: Number) -> str | None:
    """The id as text; 0 and 12.5 are no ids."""
    if number.digits:
        id_text = number.digits.lstrip("0") if number.digits.isdigit() else ""
        return id_text or None
    if number.value is None or number.value <= 0:
        return None
    return str(int(number.value))


def _free(reading: Reading, number: Number) -> bool:
    """False for a number that counts something: `job 50 AGI`, `job 5 days`."""
    if has_currency(reading, number) and reading.fold(number.last + 1) != "":
        after = reading.fold(number.last + 1)
        return not (after.startswith(("agi", "$agi")))
    return not is_foreign(reading, number) and reading.fold(number.last + 1) not in UNIT_HOURS


def _bare_followers(
    reading: Reading, numbers: Sequence[Number], found: Sequence[Named]
) -> list[Named]:
    """`job 12, sorry, 13` and `jobs 5 and 6`: the bare number stands for a job too."""
    places = {named.last for named in found}
    added = []
    for named in found:
        after = number_after(numbers, named.last)
        if after is None or after.last in places or not _free(reading, after):
            continue
        gap = [reading.fold(i) for i in range(named.last + 1, min(after.first, named.last + 8))]
        value = _whole(after)
        if value and _follows(reading, after, gap):
            added.append(Named(value, after.first, after.last))
    return added


def _follows(reading: Reading, after: Number, gap: list[str]) -> bool:
    if _CORRECTS & {*gap} and len(gap) <= 6:  # noqa: PLR2004
        return True
    listed = bool(gap) and all(word in _LISTS for word in gap)
    return listed and reading.fold(after.last + 1) in _AFTER_LIST


def uris_of(reading: Reading) -> list[Named]:
    """Addresses without the punctuation and brackets of the sentence around them."""
    found = [
        Named(_bare_uri(token.text), index, index)
        for index, token in enumerate(reading.tokens)
        if token.kind == "uri"
    ]
    if found:
        return found
    return [
        Named("ipfs://" + token.text, index, index)
        for index, token in enumerate(reading.tokens)
        if token.kind == "word" and _CID.fullmatch(token.text)
    ]


def result_uri(reading: Reading) -> Said[str] | None:
    """The one address of the result; of several the one behind a word such as `result`."""
    found = corrected_mentions(reading, uris_of(reading))
    if len({named.value for named in found}) > 1:
        found = [named for named in found if _is_result(reading, named.first)]
    if len({named.value for named in found}) != 1:
        return None
    return Said(found[0].value, reading.span(found[0].first, found[0].last))


def hash_of(reading: Reading) -> str | None:
    """The one 32-byte hash of the text, if there is exactly one."""
    found = {t.text.lower() for t in reading.tokens if t.kind == "hex"}
    hashes = [text for text in found if len(text) == _HASH_DIGITS]
    return hashes[0] if len(hashes) == 1 else None


def _is_result(reading: Reading, index: int) -> bool:
    return any(reading.fold(index - back) in _RESULT_KEYS for back in (1, 2, 3))


def _bare_uri(text: str) -> str:
    while text:
        last = text[-1]
        opener = _CLOSERS.get(last)
        unbalanced = opener is not None and text.count(last) > text.count(opener)
        if last not in ".,;:!?'\"*_`" and not unbalanced:
            break
        text = text[:-1]
    return text
