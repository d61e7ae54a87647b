"""What the text takes a stand on: how a job ended, and how to vote."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.praise import BLAME, PRAISE
from onebox.planner.turns import Said, blanked, said_last
from onebox.planner.words import bag

_NOT = (
    r"(?:not|never|no|non|isn't|wasn't|hasn't|didn't|doesn't|don't|without|nothing|pas|sin|cannot"
    r"|can't|couldn't|won't)"
)
_FAILED = re.compile(
    rf" (?:unsuc+es+\w*|fail(?:ed|ure|s|ing|ure)?|rejected|{_NOT}(?: \S+){{0,2}}? (?:suc+es+\w*"
    rf"|succeed\w*"
    r"|complet\w*|done|deliver\w*|accept\w*|satisf\w*|finish\w*|submit\w*|ok|okay|good|well|happy"
    r"|pass\w*|valid|approved|livre|exito\w*|reussi\w*|entreg\w*|cumpl\w*|meet)"
    r"|never \w+ed|unsatisf\w*|(?:suc+es+|result|outcome) (?:[:=] )?(?:false|no|failure)"
    r"|echec|echoue\w*|rate|fracas\w*|fallid\w*|fallo|lost|unacceptable|abandoned|bad"
    r"|negative(?:ly)?"
    r"|unusable|useless|terrible|awful|incomplete|worthless|disaster|plagiari\w*"
    r"|nothing arrived|(?:no|without)(?: an?| any)? (?:payout|payment|pay)|disappeared|vanished"
    r"|ghosted)(?= )"
)
_SUCCEEDED = re.compile(
    r" (?:suc+es+\w*|succeed(?:ed|s)?|complet(?:ed|e|ado|ada)|done|deliver(?:ed)|satisf\w*"
    r"|pass(?:ed|es)"
    r"|accept|accepts|accepted|approved|good|great|fine|well|perfect(?:ly)?|excellent|happy"
    r"|reussi\w*|exito\w*"
    r"|bien"
    r"|termine(?! l[ae] )|terminado"
    r"|(?:got|get|have|received|delivered|everything|all|what)(?: \S+){0,3}? (?:everything|asked"
    r"|wanted"
    r"|needed|expected|requested|ordered|agreed|promised)|as (?:agreed|promised|ordered|requested"
    r"|specified|expected)"
    r"|accompli\w*|cumplid\w*|positive(?:ly)?|ok|okay|checks out|checked out|👍|✅|🎉)(?= )"
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
    r" (?:no|not|never|nothing|don't|any)(?: [^\s,;.:!?]+){0,3}? (?:reasons? to|to|against"
    r"|want to)?"
    r" ?(?:reject|objections?|object|problems?|issues?|faults?|complaints?|against)(?= )"
)
_NO_LIST = re.compile(
    r" no (?:\. )?(?:# )?(?=[0-9])| no (?:reason|objections?|problems?|issues?|need|longer) "
)
_AGAINST = re.compile(
    rf" (?:reject\w*|disapprov\w*|against|deny|denied|denying|fail(?:s|ed|ing)?|veto\w*|declin\w*"
    rf"|invalid"
    r"|insufficient|unacceptable|disagree\w*|turn(?:ing|ed)? down|nay|nope|👎|❌|rechaz\w*"
    r"|rejet\w*|contra|contre"
    r"|thumbs down"
    r"|bad|negative(?:ly)?|unfavou?rabl[ey]"
    rf"|{_NOT}(?: \S+){{0,2}}? (?:meet\w*|approv\w*|accept\w*|valid|good|pass\w*|ok|okay"
    rf"|satisf\w*|suffic\w*"
    r"|complete|apruebo|aprobar|approuve\w*)|no(?= (?:[.,;!:)-]|\n|$|on|for|from|vote|as|to"
    r"|it)))(?= |$)"
)
_FOR = re.compile(
    r" (?:approv(?:e|es|ed|ing|al)|yes|yep|aye|accept(?:s|ed|ing)?|accepte|lgtm|in favou?r"
    r"|pass(?:es|ed)?|\+ 1|positive(?:ly)?|favou?rabl[ey]"
    r"|vote for|voting for|valid|meets|looks good|good|great|👍|✅|aprueb\w*|aprobar|aprobado"
    r"|approuv\w*"
    r"|a favor|pour|oui|si|thumbs up|endorse|ok|okay)(?= )"
)
_VOTE = re.compile(
    r" (?:vote|voting|verdict|answer|decision|voto)(?: \S+){0,6}? (?:is |[:=] |it )?"
    r"(?P<word>yes|no|for|against|approve|reject|approval|rejection|si|oui|non|aye|nay"
    r"|favou?rable|👍|👎)(?= )"
)
_SO = re.compile(
    r" (?:so|therefore|hence|thus|but)(?: \S+){0,3}? (?P<word>approve|approving|reject"
    r"|rejecting)(?= )"
)
_IF = re.compile(r" (?:if|whether|unless|in case)(?= )")
_YES = bag("yes for approve approving approval si oui aye favorable favourable 👍")
_GOOD = re.compile(r"suc+es+|true|exito|reussi")


def outcome_of(reading: Reading) -> Said[bool] | None:
    """Whether the job is said to have succeeded; None where nothing or both is said."""
    return None if _IF.search(reading.plain) else said_last(reading, _outcome)


def verdict_of(reading: Reading) -> Said[bool] | None:
    """Whether the text votes for the work; None where nothing or both is said."""
    return None if _IF.search(reading.plain) else said_last(reading, _verdict)


def _outcome(reading: Reading, plain: str) -> Said[bool] | None:
    said = _SAID_OUTCOME.search(plain)
    if said is not None:
        return Said(_GOOD.match(said["word"]) is not None, reading.spot(said, "word"))
    cleared = _NO_FAILURE.search(plain)
    plain = _NO_FAILURE.sub(blanked, plain)
    failed = _FAILED.search(plain)
    good = cleared or _SUCCEEDED.search(_FAILED.sub(blanked, plain))
    if good is None and failed is None:
        return _opinion(reading, plain)
    return _one_of(reading, good, failed)


def _verdict(reading: Reading, plain: str) -> Said[bool] | None:
    plain = _NO_LIST.sub(blanked, _ALL_FOR.sub(blanked, plain))
    said = _SO.search(plain) or _VOTE.search(plain)
    if said is not None:
        return Said(said["word"] in _YES, reading.spot(said, "word"))
    against = _AGAINST.search(plain)
    good = _FOR.search(_AGAINST.sub(blanked, plain))
    if good is None and against is None:
        return _opinion(reading, plain)
    return _one_of(reading, good, against)


def _opinion(reading: Reading, plain: str) -> Said[bool] | None:
    bad = BLAME.search(plain)
    return _one_of(reading, PRAISE.search(BLAME.sub(blanked, plain)), bad)


def _one_of(
    reading: Reading, good: re.Match[str] | None, bad: re.Match[str] | None
) -> Said[bool] | None:
    """Where both or neither is said, nothing is."""
    if good is not None and bad is None:
        return Said(value=True, span=reading.spot(good))
    return None if bad is None or good is not None else Said(value=False, span=reading.spot(bad))
