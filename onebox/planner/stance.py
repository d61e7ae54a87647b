"""What the text takes a stand on: how a job ended, how to vote, in which role, and why."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.words import ROLES, bag

_NOT = (
    r"(?:not|never|no|isn't|wasn't|hasn't|didn't|doesn't|don't|without|nothing|pas|sin|cannot"
    r"|can't|couldn't|won't)"
)
_FAILED = re.compile(
    rf" (?:unsuc+es+\w*|fail(?:ed|ure|s|ing|ure)?|rejected|{_NOT}(?: \S+){{0,2}}? (?:suc+es+\w*"
    rf"|succeed\w*"
    r"|complet\w*|done|deliver\w*|accept\w*|satisf\w*|finish\w*|submit\w*|ok|okay|good|well|happy"
    r"|pass\w*|valid|approved|livre|exito\w*|reussi\w*|entreg\w*|cumpl\w*|meet)"
    r"|never \w+ed|unsatisf\w*|(?:suc+es+|result|outcome) (?:[:=] )?(?:false|no|failure)"
    r"|echec|echoue\w*|rate|fracas\w*|fallid\w*|fallo|lost|unacceptable|abandoned|bad)(?= )"
)
_SUCCEEDED = re.compile(
    r" (?:suc+es+\w*|succeed(?:ed|s)?|complet(?:ed|e|ado|ada)|done|deliver(?:ed)|satisf\w*"
    r"|pass(?:ed|es)"
    r"|accepted|approved|good|great|fine|well|perfect(?:ly)?|excellent|happy|reussi\w*|exito\w*"
    r"|bien"
    r"|termine|terminado|positive|ok|okay|👍|✅|🎉)(?= )"
)
_NO_FAILURE = re.compile(
    rf" {_NOT}(?: a| an| any| been)? (?:fail\w*|problem|problems|issue|issues)(?= )"
)
_SAID_OUTCOME = re.compile(
    r" (?:as|outcome|result|with|en tant que|comme|como)(?: is| was| [:=])?(?: a| an| un| une)? "
    r"(?P<word>suc+es+\w*|true|fail\w*|unsuc+es+\w*|not suc+es+\w*|false|exito\w*|reussi\w*|echec"
    r"|fracaso)(?= )(?! [:=] )"
)
_ALL_FOR = re.compile(
    r" (?:no|not|never|nothing|don't|any)(?: \S+){0,3}? (?:reasons? to|to|against|want to)?"
    r" ?(?:reject|objections?|object|problems?|issues?|faults?|complaints?|against)(?= )"
)
_NO_LIST = re.compile(
    r" no (?:\. )?(?:# )?(?=[0-9])| no (?:reason|objections?|problems?|issues?|need|longer) "
)
_AGAINST = re.compile(
    rf" (?:reject\w*|disapprov\w*|against|deny|denied|denying|fail(?:s|ed|ing)?|veto\w*|declin\w*"
    rf"|invalid"
    r"|insufficient|unacceptable|disagree\w*|nay|👎|❌|rechaz\w*|rejet\w*|contra|contre|thumbs down"
    r"|bad"
    rf"|{_NOT}(?: \S+){{0,2}}? (?:meet\w*|approv\w*|accept\w*|valid|good|pass\w*|ok|okay"
    rf"|satisf\w*|suffic\w*"
    r"|complete|apruebo|aprobar|approuve\w*)|no(?= (?:[.,;!:)-]|\n|$|on|for|from|vote|as|to"
    r"|it)))(?= |$)"
)
_FOR = re.compile(
    r" (?:approv(?:e|es|ed|ing|al)|yes|yep|aye|accept(?:s|ed|ing)?|accepte|lgtm|in favou?r"
    r"|pass(?:es|ed)?"
    r"|vote for|voting for|valid|meets|looks good|good|great|👍|✅|aprueb\w*|aprobar|aprobado"
    r"|approuv\w*"
    r"|a favor|pour|oui|si|thumbs up|endorse|ok|okay)(?= )"
)
_VOTE = re.compile(
    r" (?:vote|voting|verdict|voto)(?: \S+){0,6}? (?:is |[:=] |it )?"
    r"(?P<word>yes|no|for|against|approve|reject|approval|rejection|si|oui|non|aye|nay|👍|👎)(?= )"
)
_SO = re.compile(
    r" (?:so|therefore|hence|thus|but)(?: \S+){0,3}? (?P<word>approve|approving|reject"
    r"|rejecting)(?= )"
)
_IF = re.compile(r" (?:if|whether|unless|in case)(?= )")
_YES = bag("yes for approve approving approval si oui aye 👍")
_GOOD = re.compile(r"suc+es+|true|exito|reussi")
_ROLE_KEYED = re.compile(
    r" (?:(?:as|role|for|from|en tant que|como|comme) (?:[:=] )?(?:an? |the |my |our |un |une |le"
    r" |la )?"
    r"(?P<after>\w+)|(?P<before>\w+) (?:role|stake|staking|side|pool))(?= )"
)


def outcome_of(reading: Reading) -> bool | None:
    """Whether the job is said to have succeeded; None where nothing or both is said."""
    plain = reading.plain
    if _IF.search(plain):
        return None
    said = _SAID_OUTCOME.search(plain)
    if said is not None:
        return _GOOD.match(said["word"]) is not None
    plain, cleared = _NO_FAILURE.subn(" <fine> ", plain)
    rest, failed = _FAILED.subn(" ", plain)
    good = cleared > 0 or _SUCCEEDED.search(rest) is not None
    return None if good == (failed > 0) else good


def verdict_of(reading: Reading) -> bool | None:
    """Whether the text votes for the work; None where nothing or both is said."""
    if _IF.search(reading.plain):
        return None
    plain = _NO_LIST.sub(" ", _ALL_FOR.sub(" <fine> ", reading.plain))
    said = _SO.search(plain) or _VOTE.search(plain)
    if said is not None:
        return said["word"] in _YES
    rest, against = _AGAINST.subn(" ", plain)
    favour = _FOR.search(rest) is not None
    return None if favour == (against > 0) else favour


def role_of(reading: Reading) -> str | None:
    """The one staking role that the text names."""
    said = {ROLES[t.fold] for t in reading.tokens if t.fold in ROLES and not t.quoted}
    if len(said) > 1:
        words = (m["after"] or m["before"] for m in _ROLE_KEYED.finditer(reading.plain))
        said = {ROLES[word] for word in words if word in ROLES}
    return said.pop() if len(said) == 1 else None


_BECAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|since|as|on (?:the )?grounds?(?: that| of)?|reason\s?(?:is|:)"
    r"|citing"
    r"|porque|debido a|parce qu['e]|car|puisque)\s+(?P<reason>\S.+)",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT = re.compile(
    r"\bdisput\w*\b[^.;\n]{0,60}?\s(?:over|about|for|regarding|with|par|pour|por)\s+"
    r"(?!(?:the |this |my |that )?(?:jobs?|tasks?|trabajo|travail|mission|me|us|#|[0-9])\b"
    r"|#)(?P<reason>\w.+)",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE = re.compile(r"[,.;:!?\n]+\s|\s-+\s|[.!?]+$|\bbut\b|\bpero\b|\bmais\b")
_DISPUTES = re.compile(r"\b(?:disput|contest|impugn|challeng|appeal|litig)", re.IGNORECASE)
_FILLER = bag(
    """
    please thanks thank you hi hello hey team in advance kindly job the a for asap now today me i we
    want would like to it this that on of my our task about and so much very regards dear sir madam
    for behalf can could open raise file quickly immediately urgent urgently con por favor merci
    gracias s'il vous plait as agent employer reason because no
    """
)


def reason_of(reading: Reading) -> str | None:
    """Why a job is disputed, in the operator's words."""
    for pattern in (_BECAUSE, _ABOUT):
        found = pattern.search(reading.text)
        if found and _says_something(found["reason"]):
            return found["reason"].strip(" .!\n")
    clauses = [clause.strip() for clause in _CLAUSE.split(reading.text)]
    said = [c for c in clauses if not _DISPUTES.search(c) and _says_something(c)]
    return ", ".join(said) or None


def _says_something(text: str) -> bool:
    words = re.findall(r"[^\W\d_][\w']*", text.lower())
    return len([word for word in words if word not in _FILLER]) > 1
