"""The chain's own word: balances and supply by JSON-RPC, no part of OneBox in between."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

_BALANCE_OF = "0x70a08231"
_TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
_TOTAL_SUPPLY = "0x18160ddd"


class Sent(NamedTuple):
    """A mined transaction: its signer, who paid tokens in it, and its block."""

    by: str
    payers: frozenset[str]
    block: int


@dataclass(frozen=True)
class Ledger:
    """One token on one chain; amounts are base units (10^-18)."""

    rpc: str
    token: str
    http: httpx.AsyncClient

    async def gained(self, address: str, block: int) -> int:
        """What an address owns more after this block than before it."""
        data = _BALANCE_OF + address.removeprefix("0x").rjust(64, "0")
        return await self._number(data, block) - await self._number(data, block - 1)

    async def burnt(self, block: int) -> int:
        """What this block took out of the supply."""
        return await self._number(_TOTAL_SUPPLY, block - 1) - await self._number(
            _TOTAL_SUPPLY, block
        )

    async def sent(self, tx: str) -> Sent:
        """Who signed a transaction, who paid in it (its signer may be a sponsor), and its block."""
        found = await self._ask("eth_getTransactionReceipt", [tx])
        moved = (log["topics"] for log in found["logs"] if self._is_transfer(log))
        payers = frozenset("0x" + topics[1][-40:] for topics in moved)
        return Sent(str(found["from"]), payers, int(found["blockNumber"], 16))

    async def paid_by(self, address: str) -> int:
        """What an address has ever paid, by the token's own events (they outlive a restart)."""
        topics = [_TRANSFER, "0x" + address.removeprefix("0x").rjust(64, "0")]
        asked = {"fromBlock": "0x0", "toBlock": "latest", "address": self.token, "topics": topics}
        return sum(int(log["data"], 16) for log in await self._ask("eth_getLogs", [asked]))

    def _is_transfer(self, log: Any) -> bool:
        return bool(log["address"].lower() == self.token.lower() and log["topics"][0] == _TRANSFER)

    async def _number(self, data: str, block: int) -> int:
        call = {"to": self.token, "data": data}
        return int(await self._ask("eth_call", [call, hex(block)]), 16)

    async def _ask(self, method: str, params: list[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = (await self.http.post(self.rpc, json=body)).json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]
