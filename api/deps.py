"""What the services stand on, handed to the application when it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import uuid4

from fastapi import Depends, Request

from activities.handshake import Handshake
from activities.ics_client import IcsClient
from api.limits import Limits, Meter
from api.metrics import Metrics
from api.proposer import Propose
from api.services.watch import Watch
from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.models import OrchestrationPlan
from onebox.policy import RuleBook
from onebox.run import LiveState
from store.database import Database
from store.tables import RunRow
from workflows.parts import Parts


class RunEngine(Protocol):
    """What the API asks of Temporal: workflows.client.Engine, or a test's own."""

    async def ping(self) -> None:
        """Raise TemporalUnavailable unless the server answers."""

    async def has_worker(self) -> bool:
        """True when some worker has lately asked for work."""

    async def start(self, run: RunRow, plan: OrchestrationPlan) -> None:
        """Start the run's workflow; one that was started stays as it is."""

    async def nudge(self, run_id: str, step_id: str) -> None:
        """Tell the workflow that a row about a step was stored."""

    async def live_state(self, run_id: str) -> LiveState | None:
        """Where the steps stand, or None when no worker answers."""


@dataclass(frozen=True)
class Deps:
    """One set per process. `clock` gives unix seconds, `new_id` text that never repeats.

    `propose` is the language model of ONEBOX_PLANNER=llm.
    """

    contract: Contract
    rulebook: RuleBook
    deployment: Deployment
    db: Database
    ics: IcsClient
    handshake: Handshake
    engine: RunEngine
    metrics: Metrics
    watch: Watch
    meter: Meter
    clock: Callable[[], float]
    new_id: Callable[[], str]
    plan_ttl: int
    propose: Propose | None = None

    @classmethod
    def of(cls, parts: Parts) -> "Deps":
        """The same parts as the worker has, and the API's own metrics."""
        return cls(
            contract=parts.contract,
            rulebook=parts.rulebook,
            deployment=parts.deployment,
            db=parts.db,
            ics=parts.ics,
            handshake=parts.handshake,
            engine=parts.engine,
            metrics=Metrics(),
            watch=Watch(parts.db),
            meter=Meter(Limits.of(parts.settings).per_second),
            clock=parts.clock,
            new_id=lambda: uuid4().hex,
            plan_ttl=parts.settings.plan_ttl_seconds,
        )


def deps_of(request: Request) -> Deps:
    """The one set of this application."""
    deps: Deps = request.app.state.deps
    return deps


DepsDep = Annotated[Deps, Depends(deps_of)]
