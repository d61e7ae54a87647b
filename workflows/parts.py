"""The parts of a process, built once from settings: what API and worker share."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from temporalio.client import Client

from activities.deps import ActivityDeps
from activities.handshake import Handshake
from activities.ics_client import IcsClient
from onebox.contract import Contract, load_contract
from onebox.deployment import Deployment, load_deployment
from onebox.policy import RuleBook, load_rulebook
from onebox.settings import Settings
from store.database import Database
from workflows.client import Engine, connect

_CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=50)


@dataclass(frozen=True)
class Parts:
    """What the routes' services and the activities stand on."""

    settings: Settings
    contract: Contract
    rulebook: RuleBook
    deployment: Deployment
    db: Database
    ics: IcsClient
    handshake: Handshake
    client: Client
    engine: Engine
    clock: Callable[[], float]

    def for_activities(self) -> ActivityDeps:
        """The same parts as the activities take them."""
        return ActivityDeps(
            db=self.db,
            ics=self.ics,
            contract=self.contract,
            deployment=self.deployment,
            handshake=self.handshake,
            clock=self.clock,
            confirmation_ttl=self.settings.confirmation_ttl_seconds,
        )


@asynccontextmanager
async def open_parts(
    settings: Settings, clock: Callable[[], float] = time.time
) -> AsyncIterator[Parts]:
    """Build the parts and close them again.

    Raises:
        ConfigInvalid: a file of config/ is missing or broken.
        TemporalUnavailable: no Temporal server answers.
    """
    contract = load_contract(settings.config_dir)
    rulebook = load_rulebook(settings.config_dir, settings.fee_pct, settings.burn_pct)
    deployment = load_deployment(settings.deployment_file)
    client = await connect(settings.temporal_address, settings.temporal_namespace)
    db = Database(settings.database_url)
    try:
        async with httpx.AsyncClient(limits=_CONNECTIONS, trust_env=False) as http:
            ics = IcsClient(settings.ics_url, settings.ics_token.get_secret_value(), http)
            yield Parts(
                settings=settings,
                contract=contract,
                rulebook=rulebook,
                deployment=deployment,
                db=db,
                ics=ics,
                handshake=Handshake(ics, contract, rulebook, deployment, clock),
                client=client,
                engine=Engine(client, settings.task_queue, contract, settings.max_parallel),
                clock=clock,
            )
    finally:
        await db.close()
