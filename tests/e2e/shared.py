"""An installation as in production: two API processes and two workers on one PostgreSQL."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.client import OneBox
from cli.supervisor.supervisor import Supervisor
from cli.supervisor.users import ensure_users, local_users, read_tokens
from store.database import Database
from tests.support import postgres
from tests.support.installation import Installation, installation


@dataclass(frozen=True)
class Shared:
    """The processes, their store, and each user's token."""

    parts: Installation
    db: Database
    tokens: dict[str, str]
    tenants: dict[str, str]

    def user(self, name: str, api: int) -> OneBox:
        """A user who calls that API."""
        return OneBox(name, self.tokens[name], self.parts.apis[api])


@asynccontextmanager
async def shared_on(up: Supervisor, folder: Path) -> AsyncIterator[Shared]:
    """On the stack's engine, chain and ICS, with a queue and a store of its own."""
    async with postgres.database() as url:
        db = Database(url)
        await db.migrate()
        tokens = folder / "tokens.json"
        # The signers are the stack's, which has funded them.
        await ensure_users(db, _funded, local_users(up.layout.config), tokens, time.time())
        own = {"ONEBOX_DATABASE_URL": url, "ONEBOX_TASK_QUEUE": "postgres"}
        env = {**up.stack.onebox_env(), **own}
        async with installation(env, folder, apis=2, workers=2) as parts:
            each = read_tokens(tokens)
            by_user = {name: one.token for name, one in each.items()}
            yield Shared(parts, db, by_user, {name: one.tenant for name, one in each.items()})
        await db.close()


async def _funded(_user_ids: list[str]) -> None:
    """The stack's faucet has been there."""
