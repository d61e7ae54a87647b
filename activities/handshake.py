"""Does ICS hold the same contract, policy, fees and chain as we do? Asked before money moves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from activities.ics_client import IcsClient
from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.errors import ContractDrift
from onebox.handshake import differences
from onebox.models import Json
from onebox.policy import RuleBook

# One look serves every step of a busy second, also those that ask while it is under way; a
# restarted ICS is noticed within it.
_FRESH_SECONDS = 2.0


@dataclass
class Handshake:
    """Compares what ICS says of itself with what this process read from config/."""

    ics: IcsClient
    contract: Contract
    rulebook: RuleBook
    deployment: Deployment
    clock: Callable[[], float]
    _seen: Json | None = field(default=None, init=False)
    _seen_at: float = field(default=0.0, init=False)
    _looking: asyncio.Task[Json] | None = field(default=None, init=False)

    async def check(self) -> Json:
        """What ICS says of itself, not older than two seconds.

        Raises:
            IcsUnavailable: ICS does not answer.
            ChainUnavailable: ICS answers, its chain does not.
            ContractDrift: something differs; the message names it.
        """
        # A clock that was set back makes no look younger than it is.
        if self._seen is not None and 0 <= self.clock() - self._seen_at <= _FRESH_SECONDS:
            return self._seen
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)  # who is cancelled ends nobody else's look

    async def _look(self) -> Json:
        began = self.clock()
        self._seen = await self._compared()
        self._seen_at = began
        return self._seen

    async def _compared(self) -> Json:
        theirs = await self.ics.contract()
        found = differences(self.contract, self.rulebook, self.deployment, theirs)
        if found:
            raise ContractDrift("; ".join(found), differences=found)
        return theirs
