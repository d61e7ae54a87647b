"""`python -m cli.gate [lint]`: run the sections, show how long each took, fail if one fails."""

import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from cli.gate.sections import (
    CONTRACT,
    ICS_TESTS,
    LINT,
    LIVE_TESTS,
    TOOL_TABLE,
    UNIT_TESTS,
    Section,
)
from cli.preflight.lines import say
from cli.preflight.running import Failed, Task, run


def main(words: list[str]) -> int:
    """Exit code 0 when every section passed."""
    python, node = _lanes(LINT)
    if words == ["lint"]:
        return check([python, node], [])
    return check([[*python, TOOL_TABLE, UNIT_TESTS], [*node, CONTRACT, ICS_TESTS]], [LIVE_TESTS])


def check(lanes: list[list[Section]], last: list[Section]) -> int:
    """Run the lanes side by side, then the last ones alone; 0 when all passed."""
    started = time.monotonic()
    # Two lanes for two cores; what measures time has the machine for itself.
    with ThreadPoolExecutor(len(lanes)) as pool:
        passed = [good for lane in pool.map(_run_all, lanes) for good in lane]
    passed += _run_all(last)
    seconds = time.monotonic() - started
    say(f"{sum(passed)} of {len(passed)} sections passed in {seconds:.0f} s")
    return 0 if all(passed) else 1


def _lanes(sections: Iterable[Section]) -> tuple[list[Section], list[Section]]:
    python = [one for one in sections if one.command[0] != "npm"]
    return python, [one for one in sections if one.command[0] == "npm"]


def _run_all(sections: list[Section]) -> list[bool]:
    return [_show(section) if section.live else _quietly(section) for section in sections]


def _quietly(section: Section) -> bool:
    task = Task(section.name, list(section.command), cwd=section.cwd)
    try:
        seconds = run(task, verb="running")
    except Failed:
        whole = task.log.read_text(encoding="utf-8", errors="replace")
        say(f"FAILED {section.name}\n{whole.rstrip()}")
        return False
    closing = task.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    shown = (
        [line for line in closing if line.strip()][-section.closing :] if section.closing else []
    )
    say(
        "\n".join([f"passed {section.name} in {seconds:.1f} s", *(f"    {line}" for line in shown)])
    )
    return True


def _show(section: Section) -> bool:
    started = time.monotonic()
    done = subprocess.run(section.command, cwd=section.cwd, check=False)
    verdict = "FAILED" if done.returncode else "passed"
    say(f"{verdict} {section.name} in {time.monotonic() - started:.1f} s")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
