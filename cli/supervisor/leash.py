"""Become another program that the kernel ends when our parent dies (Linux).

Run as a file by a bare interpreter: `python -S -E leash.py <parent pid> <program> ...`.
A program of its own, because doing this between fork and exec is not safe in a process
that has threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Never returns: the command takes our place."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - becoming the program is what this is for


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
