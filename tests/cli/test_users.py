"""The local users: who they are, and tokens that outlive a restart."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.supervisor.layout import ROOT
from cli.supervisor.users import ensure_users, local_users, read_tokens
from onebox.models import Role
from store import tokens
from store.database import Database


class Faucet:
    """Remembers whom it funded, and may be dry."""

    def __init__(self, *, dry: bool = False) -> None:
        self.funded: list[str] = []
        self._dry = dry

    async def fund(self, user_ids: list[str]) -> None:
        """Fund them all or fail."""
        if self._dry:
            raise ConnectionError("no faucet")
        self.funded += user_ids


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated store that holds nothing."""
    database = Database(migrated_url)
    yield database
    await database.close()


def test_houses_and_roles() -> None:
    """People of acme share a tenant; the agent and each validator are on their own."""
    users = local_users(ROOT / "config")
    assert {name for name, user in users.items() if user.tenant(name) == "acme"} == {
        "operator",
        "approver",
        "viewer",
        "governance",
    }
    assert users["validator2"].tenant("validator2") == "validator2"
    assert users["agent"].caller_role is Role.OPERATOR
    assert users["viewer"].caller_role is Role.VIEWER
    assert users["agent"].ens == "alice"


async def test_each_user_gets_a_token_and_a_funded_signer(db: Database, tmp_path: Path) -> None:
    """tokens.json is for its owner's eyes, and each token speaks for its user."""
    users, faucet, file = local_users(ROOT / "config"), Faucet(), tmp_path / "tokens.json"
    assert await ensure_users(db, faucet.fund, users, file, now=1.0)
    written = json.loads(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert faucet.funded == list(users) == list(written)
    assert written["validator1"].keys() == {"token", "userId", "tenant", "role"}
    async with db.read() as session:
        row = await tokens.find(session, written["validator1"]["token"])
    assert row is not None
    assert (row.user_id, row.tenant, row.role, row.ens) == (
        "validator1",
        "validator1",
        "operator",
        "carol",
    )
    await db.close()


async def test_a_restart_keeps_the_tokens(db: Database, tmp_path: Path) -> None:
    """Nothing is made and nobody funded while all tokens are valid."""
    users, file = local_users(ROOT / "config"), tmp_path / "tokens.json"
    await ensure_users(db, Faucet().fund, users, file, now=1.0)
    before, faucet = read_tokens(file), Faucet()
    assert not await ensure_users(db, faucet.fund, users, file, now=2.0)
    assert read_tokens(file) == before
    assert faucet.funded == []
    await db.close()


async def test_a_revoked_token_is_made_anew(db: Database, tmp_path: Path) -> None:
    """A file that holds a dead token is replaced as a whole."""
    users, file = local_users(ROOT / "config"), tmp_path / "tokens.json"
    await ensure_users(db, Faucet().fund, users, file, now=1.0)
    old = read_tokens(file)
    async with db.write() as session:
        row = await tokens.find(session, old["agent"].token)
        assert row is not None
        await tokens.revoke(session, row.id, now=2.0)
    assert await ensure_users(db, Faucet().fund, users, file, now=3.0)
    assert read_tokens(file)["agent"] != old["agent"]
    await db.close()


async def test_no_token_without_a_funded_signer(db: Database, tmp_path: Path) -> None:
    """The faucet comes first: a token that cannot pay would block at its first simulation."""
    users, file = local_users(ROOT / "config"), tmp_path / "tokens.json"
    with pytest.raises(ConnectionError):
        await ensure_users(db, Faucet(dry=True).fund, users, file, now=1.0)
    assert not file.exists()
    async with db.read() as session:
        assert await tokens.list_all(session) == []
    await db.close()
