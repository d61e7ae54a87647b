"""When to start a dead part again, and when to give up."""

from collections import deque
from dataclasses import dataclass, field

MOST_A_MINUTE = 5
_LONGEST_PAUSE = 5.0
_MINUTE = 60.0


@dataclass
class Restarts:
    """The restarts of one part within the last minute; times are monotonic seconds."""

    first_pause: float = 0.2
    _at: deque[float] = field(default_factory=deque)

    def next_pause(self, now: float) -> float | None:
        """Seconds to wait before the next start; None when there were too many."""
        while self._at and now - self._at[0] > _MINUTE:
            self._at.popleft()
        if len(self._at) >= MOST_A_MINUTE:
            return None
        self._at.append(now)
        pause: float = self.first_pause * 2 ** (len(self._at) - 1)
        return min(pause, _LONGEST_PAUSE)
