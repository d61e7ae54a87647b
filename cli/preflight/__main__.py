"""`python3 -m cli.preflight`: look at what is there, install what is ours. Stdlib only.

Runs before anything of ours is installed, with whatever `python3` is: the syntax of this
folder is that of Python 3.8, so that an old one can say what is wanted.
"""

from __future__ import annotations

import sys

from cli.preflight.checks import survey
from cli.preflight.install import install_all
from cli.preflight.lines import say
from cli.preflight.running import Failed
from cli.preflight.table import render


def main() -> int:
    """Exit code 0 when everything is in place."""
    found = survey()
    say(render(found))
    if not all(row.good for row in found):
        say("Nothing was installed. Mend what is marked above, then run the same again.")
        return 1
    try:
        install_all(found)
    except Failed as failure:
        say(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("interrupted; the next run goes on from here")
        sys.exit(130)
