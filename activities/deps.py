"""What the activities stand on, handed to them by the worker's entry point."""

from collections.abc import Callable
from dataclasses import dataclass

from activities.handshake import Handshake
from activities.ics_client import IcsClient
from onebox.contract import Contract
from onebox.deployment import Deployment
from store.database import Database


@dataclass(frozen=True)
class ActivityDeps:
    """One set per worker process. `clock` gives unix seconds; `confirmation_ttl` is seconds."""

    db: Database
    ics: IcsClient
    contract: Contract
    deployment: Deployment
    handshake: Handshake
    clock: Callable[[], float]
    confirmation_ttl: float
