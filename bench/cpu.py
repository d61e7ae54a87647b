"""CPU seconds of this process and of others, from the operating system."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

# Fields of /proc/<pid>/stat after the command's closing parenthesis: utime and stime.
_UTIME, _STIME = 11, 12


@dataclass(frozen=True)
class Meter:
    """Reads this process and those of `pids`; where there is no /proc, this process alone."""

    pids: dict[str, int]

    def read(self) -> dict[str, float]:
        """CPU seconds so far, by name; threads included."""
        others = {name: _of(pid) for name, pid in self.pids.items() if _stat(pid).exists()}
        return {"client and worker": time.process_time(), **others}

    def since(self, before: dict[str, float]) -> dict[str, float]:
        """CPU seconds since an earlier reading."""
        return {name: now - before[name] for name, now in self.read().items() if name in before}


def _stat(pid: int) -> Path:
    return Path(f"/proc/{pid}/stat")


def _of(pid: int) -> float:
    fields = _stat(pid).read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[_UTIME]) + int(fields[_STIME])) / os.sysconf("SC_CLK_TCK")
