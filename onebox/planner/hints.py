"""Weaker words for deeds: they count only where no stronger one is said."""

import re

from onebox.models import IntentKind
from onebox.planner.vocabulary import JOB, phrase

_ACCEPT = phrase(
    rf"accept(?:s|ing)?(?: (?!outcome|decision|verdict)\S+){{0,3}}? (?:work|result|submission"
    rf"|deliverable|{JOB})",
    r"(?:greenlights?|green light|green - light|sign off|signing off|endorse|deny|denied|decline"
    r"|turn down|refuse|confirm|pass|passes|fail|fails|flunk|okay|thumb)",
    r"in favou?r of|sides? with",
    r"(?:looks|look|seems) (?:good|fine|great|right|correct|solid|ok|okay|bad|wrong|poor)",
    r"[,;:-] (?:approved|rejected)(?= (?:[.,;!]|from|by|as|$))",
    r"(?:yes|no|yep|nope|yea|nay|aye|pass|fail) ,? ?(?:from|on|to|for) (?:me|us|my|#|jobs?|tasks?)",
    r"(?:meets?|passes|fails?|satisf\w+)(?: \S+){0,3}? (?:spec\w*|requirements?|review|criteria|bar"
    r"|standards?|check|checks)",
)
_RESULT = phrase(
    r"(?:my|our|the)(?: \S+)? (?:result|results|deliverable|output|work)(?: for \S+(?: # )?\S*)?"
    r" (?:is|are|:|at)",
)
_INTERESTED = phrase(
    r"(?:wants? in|count \S+ in)",
    r"(?:interested in|keen on|up for|put me on|put me in|put down|i'm in(?! favou?r)"
    r"|count us in|assign me|give me"
    r"|available for|go for|going for|join|joining|opt in|bid|bidding|tender|sign|hat in|hand up"
    r"|(?:glad|happy|delighted|ready|willing|pleased|love|keen|able) to (?:do|take|work|help|tackle"
    r"|accept)"
    r"|would take|i'll do|we'll do|can do|able to do|happy to do|like to do|want to do|assign)",
)
_CONCLUDE = phrase(
    rf"(?:mark|flag|declare|record|call|set)(?: \S+){{0,2}}? (?:{JOB}"
    rf"|#)(?: \S+){{0,4}}? (?:complete"
    r"|completed|done|finished|success\w*|fail\w*|unsuccess\w*|closed|paid)",
    rf"(?:finish|end|complete|pay for|pay)(?: (?:up|off|out))?(?: \S+){{0,2}}? (?:{JOB}|#)",
)
_DROP = phrase(
    rf"(?:axe|nix|void|terminate|rescind|abandon|discard|shut down|withdraw|end|dump|bin)"
    rf"(?: \S+){{0,3}}? (?:{JOB}|#)",
    r"(?:no longer|not) (?:needed|required|wanted|necessary|relevant)",
)
_OBJECT = phrase(
    r"(?:complain|complaint|escalate|arbitration|arbitrate|disagree|object|protest|unfair)",
)

HINTS: tuple[tuple[IntentKind, re.Pattern[str]], ...] = (
    (IntentKind.FINALIZE, _CONCLUDE),
    (IntentKind.VALIDATE, _ACCEPT),
    (IntentKind.CANCEL, _DROP),
    (IntentKind.DISPUTE, _OBJECT),
    (IntentKind.APPLY, _INTERESTED),
    (IntentKind.SUBMIT, _RESULT),
)
