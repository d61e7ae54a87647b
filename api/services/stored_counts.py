"""One look at what the store has counted, for a scrape."""

from api.metrics import STEP_BOUNDS, StoredCounts
from store import counters, receipts
from store.database import Database


async def stored_counts(db: Database) -> StoredCounts:
    """Ends of runs and durations of steps, as they are now.

    Raises:
        StoreUnavailable: a scrape that would show wrong counters fails instead.
    """
    async with db.read() as session:
        runs = await counters.run_counts(session)
        latency = await counters.step_latency(session, STEP_BOUNDS)
        mismatches = await receipts.mismatches(session)
    return StoredCounts(runs, latency, mismatches)
