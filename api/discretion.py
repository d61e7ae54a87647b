"""A token in the wrong place is a mistake, not news: neither logs nor answers repeat it."""

import re

_TOKEN = re.compile(r"obx_[A-Za-z0-9_-]+")
_LONGEST = 300


def hidden(text: str) -> str:
    """The text without the tokens in it."""
    return _TOKEN.sub("obx_...", text)


def discreet(path: str) -> str:
    """A path without the tokens in it, and no longer than anybody needs it."""
    path = hidden(path)
    return path if len(path) <= _LONGEST else f"{path[:_LONGEST]}..."
