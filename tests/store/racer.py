"""One process of a race: waits for a line on stdin, then acts on a store and says how it went."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from store import runs
from store.budgets import DailyBudgetExceeded
from store.database import Database
from store.movements import AlreadyClaimed
from tests.store.made import admission_of, claim, plan_with


async def _admit(db: Database, nonce: str, amount: str, cap: str) -> str:
    plan = plan_with(nonce=nonce)
    try:
        async with db.write() as s:
            run, is_new = await runs.admit(
                s, admission_of(plan, {"post_job": int(amount)}, cap=int(cap))
            )
    except DailyBudgetExceeded:
        return "exceeded"
    return f"{'new' if is_new else 'known'} {run.run_id}"


async def _claim(db: Database, run_id: str) -> str:
    try:
        return f"fence {await claim(db, run_id)}"
    except AlreadyClaimed as error:
        return f"already {error.state}"


async def _migrate(db: Database) -> str:
    await db.migrate()
    return "migrated"


_DEEDS: dict[str, Callable[..., Awaitable[str]]] = {
    "admit": _admit,
    "claim": _claim,
    "migrate": _migrate,
}


async def main(url: str, deed: str, *args: str) -> None:
    """Do one deed when told to."""
    db = Database(url)
    print("ready", flush=True)  # noqa: T201  the race begins when all are
    sys.stdin.readline()
    print(await _DEEDS[deed](db, *args))  # noqa: T201  the result
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
