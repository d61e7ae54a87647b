"""What a step waits for is said once, and looked at again."""

from store import waits
from store.database import Database
from tests.store.made import NOW, admitted, begin, run_row


async def test_the_same_wait_keeps_its_beginning(db: Database) -> None:
    """`since` is the first look's; another wait begins anew."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", "a vote", NOW, NOW + 1)
        await waits.put(s, run_id, "post_job", "a vote", NOW + 1, NOW + 3)
        (row,) = await waits.of_run(s, run_id)
        assert (row.waiting_for, row.since, row.next_look) == ("a vote", NOW, NOW + 3)
        await waits.put(s, run_id, "post_job", "the chain", NOW + 5, None)
        (row,) = await waits.of_run(s, run_id)
        assert (row.waiting_for, row.since, row.next_look) == ("the chain", NOW + 5, None)


async def test_clearing_shows_once(db: Database) -> None:
    """A wait that is gone bumps the version; none to clear does not."""
    run_id = await admitted(db)
    await begin(db, run_id)
    async with db.write() as s:
        await waits.put(s, run_id, "post_job", "a vote", NOW, None)
    before = (await run_row(db, run_id)).version
    async with db.write() as s:
        assert await waits.clear(s, run_id, "post_job")
        assert not await waits.clear(s, run_id, "post_job")
    assert (await run_row(db, run_id)).version == before + 1
