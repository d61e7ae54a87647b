"""What one address and one tenant may take of an API that others want to use, too."""

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from onebox.errors import TooManyRequests
from onebox.settings import Settings

# What an API shows to a network allows by default; on loopback whoever calls owns the machine.
EXPOSED_PER_ADDRESS = 100
EXPOSED_PER_SECOND = 50
# A tenant that was silent for so long may ask for all of that at once.
SAVED_SECONDS = 4
# Whatever plans, simulates or executes asks ICS or writes; a look does not.
POST_COST = 5


@dataclass(frozen=True)
class Limits:
    """Open connections in all and of one address, requests of one tenant; None is no limit."""

    connections: int
    per_address: int | None = None
    per_second: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Those of the settings, and what these leave open by where the API listens."""
        address, second = settings.max_connections_per_address, settings.tenant_requests_per_second
        if not _is_loopback(settings.api_host):
            address = EXPOSED_PER_ADDRESS if address is None else address
            second = EXPOSED_PER_SECOND if second is None else second
        return cls(settings.max_connections, address or None, second or None)


class Meter:
    """A token bucket a tenant. `per_second` None lets everything pass."""

    def __init__(
        self, per_second: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def charge(self, tenant: str, method: str) -> None:
        """Take a request's cost from what the tenant has left.

        Raises:
            TooManyRequests: it has less; `retry_after` says when it will have enough (seconds).
        """
        if self._rate is None:
            return
        cost, most, now = self._cost(method), self._rate * SAVED_SECONDS, self._clock()
        left, then = self._left.get(tenant, (float(most), now))
        left = min(most, left + (now - then) * self._rate)
        if left < cost:
            self._left[tenant] = (left, now)
            raise TooManyRequests(retry_after=math.ceil((cost - left) / self._rate))
        self._left[tenant] = (left - cost, now)

    def _cost(self, method: str) -> int:
        return POST_COST if method == "POST" else 1


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
