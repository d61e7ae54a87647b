"""Why a job is disputed."""

import re
from collections.abc import Iterator

from onebox.planner.normalise import Reading
from onebox.planner.turns import Said
from onebox.planner.words import bag

_STATED = re.compile(
    r"\b(?:because(?: of)?|due to|citing|reason\s?(?:is|:|=))\s*(?P<reason>\S.+)",
    re.IGNORECASE | re.DOTALL,
)
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
_CLAUSE = re.compile(
    r"[,.;:!?\n]+\s|\s-+\s|[.!?]+$|\bbut\b|\bpero\b|\bmais\b|\b(?:and|so|hence)\b(?=\s(?:[Ii]"
    r"|[Ww]e)\b)"
)
_DISPUTES = re.compile(r"\b(?:disput|contest|impugn|challeng|appeal|litig)", re.IGNORECASE)
_FILLER = bag(
    """
    please thanks thank you hi hello hey team in advance kindly job the a for asap now today me i we
    want would like to it this that on of my our task about and so much very regards dear sir madam
    for behalf can could open raise file quickly immediately urgent urgently con por favor merci
    gracias s'il vous plait as agent employer reason because no
    """
)


def reason_of(reading: Reading) -> Said[str] | None:
    """Why a job is disputed, in the operator's words."""
    for pattern, least in ((_STATED, 1), (_BECAUSE, 2), (_ABOUT, 2)):
        found = pattern.search(reading.text)
        if found and _says_something(found["reason"], least):
            return Said(found["reason"].strip(" .!\n"), found.span("reason"))
    said = [(text, start) for text, start in _clauses(reading.text) if _is_reason(text)]
    if not said:
        return None
    span = (said[0][1], said[-1][1] + len(said[-1][0]))
    return Said(", ".join(text for text, _ in said), span)


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """Clauses with their places."""
    start = 0
    for cut in [*_CLAUSE.finditer(text), None]:
        end = len(text) if cut is None else cut.start()
        piece = text[start:end]
        yield piece.strip(), start + len(piece) - len(piece.lstrip())
        start = end if cut is None else cut.end()


def _is_reason(clause: str) -> bool:
    return not _DISPUTES.search(clause) and _says_something(clause)


def _says_something(text: str, least: int = 2) -> bool:
    words = re.findall(r"[^\W\d_][\w']*", text.lower())
    return len([word for word in words if word not in _FILLER]) >= least
