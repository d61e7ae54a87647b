"""Is every part that a run needs there? Each is named, `ok` or with its reason."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from api.deps import Deps
from onebox.errors import OneBoxError, TemporalUnavailable
from onebox.models import Json

_PATIENCE_SECONDS = 5.0
OK = "ok"


async def readiness(deps: Deps) -> Json:
    """`{"ok": bool, "parts": {name: "ok" or a reason}}`; never raises, never takes long."""
    answers = await asyncio.gather(
        _part(deps, _store),
        _part(deps, _temporal),
        _part(deps, _worker),
        _ics_and_chain(deps),
        _part(deps, _contract),
    )
    store, temporal, worker, (ics, chain), contract = answers
    parts = {
        "store": store,
        "temporal": temporal,
        "worker": worker,
        "ics": ics,
        "chain": chain,
        "contract": contract,
    }
    return {"ok": all(reason == OK for reason in parts.values()), "parts": parts}


async def _part(deps: Deps, ask: Callable[[Deps], Awaitable[object]]) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await ask(deps)
    except OneBoxError as error:
        return str(error)
    except TimeoutError:
        return f"no answer within {_PATIENCE_SECONDS:.0f} s"
    return OK


async def _store(deps: Deps) -> None:
    async with deps.db.read() as session:
        await session.execute(text("SELECT 1"))
    deps.db.check_room()


async def _temporal(deps: Deps) -> None:
    await deps.engine.ping()


async def _worker(deps: Deps) -> None:
    if not await deps.engine.has_worker():
        raise TemporalUnavailable("no worker asks for work")


async def _contract(deps: Deps) -> None:
    await deps.handshake.check()


async def _ics_and_chain(deps: Deps) -> tuple[str, str]:
    """ICS tells of the chain; without it nothing is known of either."""
    told: list[Json] = []

    async def ask(deps: Deps) -> None:
        told.append(await deps.ics.health())

    ics = await _part(deps, ask)
    parts = told[0].get("parts") if told else None
    if not isinstance(parts, dict):
        return ics, f"unknown: {ics if ics != OK else 'ICS names no parts'}"
    journal = str(parts.get("journal", OK))
    return (ics if ics != OK else journal), str(parts.get("chain", f"unknown: {ics}"))
