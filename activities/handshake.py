"""Does ICS hold the same contract, policy, fees and chain as we do? Asked before money moves."""

from collections.abc import Callable
from dataclasses import dataclass, field

from activities.ics_client import IcsClient
from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.errors import ContractDrift
from onebox.handshake import differences
from onebox.models import Json
from onebox.policy import RuleBook

# One look serves every step of a busy second; a restarted ICS is noticed within it.
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

    async def check(self) -> Json:
        """What ICS says of itself, not older than two seconds.

        Raises:
            IcsUnavailable: ICS does not answer.
            ChainUnavailable: ICS answers, its chain does not.
            ContractDrift: something differs; the message names it.
        """
        now = self.clock()
        # A clock that was set back makes no look younger than it is.
        if self._seen is None or not 0 <= now - self._seen_at <= _FRESH_SECONDS:
            self._seen = await self._compared()
            self._seen_at = now
        return self._seen

    async def _compared(self) -> Json:
        theirs = await self.ics.contract()
        found = differences(self.contract, self.rulebook, self.deployment, theirs)
        if found:
            raise ContractDrift("; ".join(found), differences=found)
        return theirs
