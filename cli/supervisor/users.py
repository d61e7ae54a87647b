"""The users of a local stack: a token each, and a funded signer behind it."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from activities.ics_client import IcsClient
from cli.supervisor.files import write_atomically
from onebox.models import Role
from store import tokens
from store.database import Database

_SHARED_TENANT = "acme"


Fund = Callable[[list[str]], Awaitable[None]]


def faucet_of(url: str, token: str) -> Fund:
    """The faucet of the ICS that answers there to the service token."""

    async def fund(user_ids: list[str]) -> None:
        async with httpx.AsyncClient(trust_env=False) as http:
            client = IcsClient(url, token, http)
            for user_id in user_ids:
                await client.faucet(user_id)

    return fund


class LocalUser(BaseModel):
    """A user of `config/chain.local.json`: what it does there, and its ENS label."""

    model_config = ConfigDict(frozen=True)
    role: str
    ens: str | None = None

    @property
    def caller_role(self) -> Role:
        """Agents and validators operate for themselves."""
        return Role(self.role) if self.role in set(Role) else Role.OPERATOR

    def tenant(self, user_id: str) -> str:
        """People of one house share a tenant; an agent or validator is a house of its own."""
        return _SHARED_TENANT if self.role in set(Role) else user_id


class Token(BaseModel):
    """A local user's token, as tokens.json holds it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)
    token: str
    user_id: str = Field(alias="userId")
    tenant: str
    role: Role


_FILE = TypeAdapter(dict[str, Token])


def read_tokens(file: Path) -> dict[str, Token]:
    """The tokens by user id; none where there is no such file."""
    try:
        return _FILE.validate_json(file.read_bytes())
    except (OSError, ValueError):
        return {}


def local_users(config: Path) -> dict[str, LocalUser]:
    """The users by id, as the config folder lists them."""
    found = json.loads((config / "chain.local.json").read_text(encoding="utf-8"))
    return {name: LocalUser.model_validate(user) for name, user in found["users"].items()}


async def ensure_users(
    db: Database, fund: Fund, users: dict[str, LocalUser], file: Path, now: float
) -> bool:
    """Make the tokens of all users unless the file holds valid ones; whether they are new.

    Args:
        db: the store, migrated.
        fund: gives the signers of these users what they need to act.
        users: by id.
        file: tokens.json.
        now: unix seconds.
    """
    if await _all_valid(db, users, file):
        return False
    await fund(list(users))
    async with db.write() as session:
        made: dict[str, Token] = {}
        for user_id, user in users.items():
            role, tenant = user.caller_role, user.tenant(user_id)
            token, _ = await tokens.create(
                session, user_id=user_id, tenant=tenant, role=role, ens=user.ens, now=now
            )
            made[user_id] = Token(token=token, user_id=user_id, tenant=tenant, role=role)
        # Before the commit: a file without rows is made again, rows without a file are lost.
        write_atomically(file, _text(made), mode=0o600)
    return True


async def _all_valid(db: Database, users: dict[str, LocalUser], file: Path) -> bool:
    written = read_tokens(file)
    if not written.keys() >= users.keys():
        return False
    async with db.read() as session:
        found = [await tokens.find(session, written[user_id].token) for user_id in users]
    return all(row is not None for row in found)


def _text(made: dict[str, Token]) -> str:
    return _FILE.dump_json(made, indent=2, by_alias=True).decode() + "\n"
