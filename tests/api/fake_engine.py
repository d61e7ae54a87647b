"""An engine that remembers what it was told and answers what a test wants."""

from dataclasses import dataclass, field

from onebox.errors import TemporalUnavailable
from onebox.models import OrchestrationPlan
from onebox.run import LiveState
from store.tables import RunRow


@dataclass
class FakeEngine:
    """`down` is a server that does not answer; `live` None is a worker that does not."""

    down: bool = False
    worker: bool = True
    live: LiveState | None = None
    started: list[str] = field(default_factory=list)
    nudged: list[tuple[str, str]] = field(default_factory=list)
    fails_to_start: bool = False

    async def ping(self) -> None:
        """Raise while the server is down."""
        self._check()

    async def has_worker(self) -> bool:
        """As the test says."""
        self._check()
        return self.worker

    async def start(self, run: RunRow, plan: OrchestrationPlan) -> None:
        """Remember the run."""
        if self.fails_to_start:
            raise TemporalUnavailable
        assert plan.plan_id == run.plan_id
        self._check()
        self.started.append(run.run_id)

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Remember the nudge."""
        self._check()
        self.nudged.append((run_id, step_id))

    async def live_state(self, run_id: str) -> LiveState | None:
        """As the test says, for a run that was started."""
        return self.live if run_id in self.started and not self.down else None

    def _check(self) -> None:
        if self.down:
            raise TemporalUnavailable("down")
