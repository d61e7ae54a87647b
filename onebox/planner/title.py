"""A short title for a job, out of the operator's own words."""

import re

from onebox.planner.normalise import Reading
from onebox.planner.turns import Said

MAX_TITLE = 80
_LEAST = 5  # shorter is a rest such as `with`, no title
_TITLE_LINE = re.compile(
    r"^\s*(?:title|titre|titulo)\s*[:=]\s*(?P<title>\S.*)$", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(r"\"(?P<a>[^\"\n]{3,200})\"|(?<![\w'])'(?P<b>[^\n']{3,200})'(?!\w)")
_LEAD = re.compile(
    r"^(?:.{0,120}?)\b(?:post|create|publish|list|open|launch|advertise|add|start|new|publie"
    r"|publica|crea)\b"
    r"[^.:\n]{0,40}?\b(?:job|task|gig|bounty|mission|trabajo|tarea)\b\s*(?:to|for|on|:|-|of|pour"
    r"|para|de)?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;:\-(]+(?:for|with|in|by|at|pay|paying|reward|a|an|and|of|the|due|deadline|within|to)?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?\n]")


def title_of(reading: Reading, mentioned: list[int]) -> Said[str]:
    """At most 80 characters.

    Args:
        reading: the text.
        mentioned: offsets in the text where amounts and times begin.
    """
    said = _TITLE_LINE.search(reading.text)
    quoted = _QUOTED.search(reading.text)
    if said is not None:
        return Said(_short(said["title"]), said.span("title"))
    if quoted is not None:
        group = "a" if quoted["a"] else "b"
        return Said(_short(quoted[group]), quoted.span(group))
    return _out_of_words(reading.text, mentioned)


def _out_of_words(text: str, mentioned: list[int]) -> Said[str]:
    """What stands between `post a job to` and the first amount or time."""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    end = min((place for place in mentioned if place > start + 3), default=len(text))
    said_of_it = _trimmed(text[start:end])
    if len(said_of_it) < _LEAST:
        return Said(_short(text), (0, len(text)))
    place = text.find(said_of_it, start)
    return Said(_short(said_of_it), (place, place + len(said_of_it)))


def _trimmed(text: str) -> str:
    first = _ENDS.split(text.strip(" ,;:-.\n"), maxsplit=1)[0].strip()
    for _ in range(3):
        first = _TAIL.sub("", first)
    return first


def _short(text: str) -> str:
    """The first line, cut at a word, its first letter upper."""
    line = " ".join(text.split())
    if len(line) > MAX_TITLE:
        line = line[:MAX_TITLE].rpartition(" ")[0] or line[:MAX_TITLE]
    return line[:1].upper() + line[1:]
