"""What stands outside OneBox: the passing of time, and the moderator who decides a dispute."""

from dataclasses import dataclass
from typing import Any

import httpx

_MODERATOR = "0x38743904"
_RESOLVE = "0x34b25ee2"


@dataclass(frozen=True)
class Outside:
    """The node of a local chain by its own JSON-RPC, no part of OneBox in between."""

    rpc: str
    dispute_module: str
    http: httpx.AsyncClient

    async def pass_time(self, seconds: int) -> None:
        """Move the chain's clock ahead and mine a block there."""
        await self._ask("evm_increaseTime", [seconds])
        await self._ask("evm_mine", [])

    async def decide(self, job_id: str, *, employer_wins: bool) -> None:
        """Resolve a job's dispute as the moderator, once its window has passed."""
        call = {"to": self.dispute_module, "data": _MODERATOR}
        moderator = "0x" + (await self._ask("eth_call", [call, "latest"]))[-40:]
        await self._ask("anvil_impersonateAccount", [moderator])
        words = (int(job_id), int(employer_wins))
        data = _RESOLVE + "".join(f"{word:064x}" for word in words)
        deed = {"from": moderator, "to": self.dispute_module, "data": data}
        # Its gas is estimated first, so a call that would revert is an error here.
        await self._ask("eth_sendTransaction", [deed])
        await self._ask("evm_mine", [])
        await self._ask("anvil_stopImpersonatingAccount", [moderator])

    async def _ask(self, method: str, params: list[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = (await self.http.post(self.rpc, json=body)).json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]
