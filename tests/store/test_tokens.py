"""Tokens are known by their hash only."""

from pathlib import Path

import pytest
from sqlalchemy import text

from onebox.digest import sha256_hex
from onebox.models import Role
from store import tokens
from store.database import Database
from tests.store.made import NOW


async def made(db: Database) -> tuple[str, str]:
    """A token and its id."""
    async with db.write() as s:
        token, row = await tokens.create(
            s, user_id="agent", tenant="a", role=Role.OPERATOR, ens="a.eth", now=NOW
        )
        return token, row.id


async def test_a_token_finds_whom_it_speaks_for(db: Database) -> None:
    """256 random bits after a prefix, and a row with everything but the token."""
    token, name = await made(db)
    assert token.startswith("obx_")
    assert len(token) == len("obx_") + 43
    async with db.read() as s:
        row = await tokens.find(s, token)
    assert row is not None
    assert (row.id, row.user_id, row.tenant, row.role) == (name, "agent", "a", "operator")
    assert (row.ens, row.hash) == ("a.eth", sha256_hex(token.encode()))


async def test_the_token_itself_is_nowhere_in_the_store(db: Database) -> None:
    """No column of the row holds it, nor the part behind the prefix."""
    token, _ = await made(db)
    async with db.read() as s:
        rows = (await s.execute(text("SELECT * FROM token"))).all()
    assert token.removeprefix("obx_") not in repr(rows)


@pytest.mark.parametrize("guess", ["", "obx_", "\udcff", "\x00", "x" * 10_000])
async def test_anything_else_finds_nobody(db: Database, guess: str) -> None:
    """Unknown text, unprintable too."""
    await made(db)
    async with db.read() as s:
        assert await tokens.find(s, guess) is None


async def test_a_revoked_token_finds_nobody(db: Database) -> None:
    """Revoking works once and leaves the row in the list."""
    token, name = await made(db)
    other, _ = await made(db)
    async with db.write() as s:
        assert await tokens.revoke(s, name, NOW + 1)
        assert not await tokens.revoke(s, name, NOW + 2)
        assert not await tokens.revoke(s, "none", NOW)
        assert await tokens.find(s, token) is None
        assert await tokens.find(s, other) is not None
        listed = {row.id: row.revoked_at for row in await tokens.list_all(s)}
    assert listed[name] == NOW + 1
    assert len(listed) == 2


async def test_the_file_never_held_the_token(tmp_path: Path) -> None:
    """Neither the database file nor its journal contains the token's bytes."""
    db = Database(f"sqlite:///{tmp_path}/t.db")
    await db.migrate()
    token, _ = await made(db)
    await db.close()
    assert token.encode() not in _bytes_in(tmp_path)


def _bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
