"""Where the lines of the preflight go: standard output, at once."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print a line now, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
