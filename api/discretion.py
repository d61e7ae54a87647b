"""A token in the wrong place is a mistake, not news: neither logs nor answers repeat it."""

import re
from urllib.parse import unquote

# Names of steps may begin like a token, but no name that is meant as one has its length.
_TOKEN = re.compile(r"obx_[A-Za-z0-9_-]{20,}")
_LONGEST = 300
# A path comes decoded once; a client may have quoted what its library then quoted again.
_QUOTED_AGAIN = 3


def hidden(text: str) -> str:
    """The text without the tokens in it."""
    return _TOKEN.sub("obx_...", text)


def discreet(text: str) -> str:
    """What a caller sent, without the tokens in it, and no longer than anybody needs it."""
    text = hidden(_legible(text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _legible(text: str) -> str:
    """As it came, unless percent signs veil a token."""
    plain = text
    for _ in range(_QUOTED_AGAIN):
        plain = unquote(plain)
    return plain if _TOKEN.search(plain) else text
