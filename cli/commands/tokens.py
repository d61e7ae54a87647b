"""`onebox tokens`: who may call, and as whom."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import httpx
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from activities.ics_client import IcsClient, IcsRefused
from cli.commands.faults import shown
from onebox.models import Role
from onebox.settings import Settings, load_settings
from store import tokens
from store.database import Database
from store.tables import TokenRow

app = typer.Typer(help="Who may call, and as whom.", no_args_is_help=True)


def _like(form: str, said: str) -> Callable[[str | None], str | None]:
    """Refuses what the store has no room for, or what no plan can name."""

    def checked(value: str | None) -> str | None:
        if value is not None and not re.fullmatch(form, value):
            raise typer.BadParameter(f"must be {said}.")
        return value

    return checked


_user = _like(r"[A-Za-z0-9_.@-]{1,64}", "1 to 64 letters, digits or _ . @ -")
_tenant = _like(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,64}", "1 to 64 printable characters")
_ens = _like(r"[^\x00-\x20\x7f\ud800-\udfff]{1,255}", "1 to 255 characters without spaces")
User = Annotated[
    str, typer.Option(help="The userId of everything done with the token.", callback=_user)
]
Tenant = Annotated[
    str, typer.Option(help="Whose plans, runs and budget it sees.", callback=_tenant)
]
Ens = Annotated[
    str | None, typer.Option(help="The ENS label of an agent or validator.", callback=_ens)
]
Fund = Annotated[bool, typer.Option(help="On a local chain: fund the user's signer first.")]


@app.command("create")
@shown
def create(
    user: User, tenant: Tenant, role: Role = Role.OPERATOR, ens: Ens = None, fund: Fund = True
) -> None:
    """Make a token; it is shown once and never again."""
    token = asyncio.run(_create(load_settings(), (user, tenant, role, ens), fund=fund))
    typer.echo(token)


@app.command("list")
@shown
def list_all() -> None:
    """Every token by its id; the tokens themselves are stored nowhere."""
    rows = asyncio.run(_list(load_settings()))
    table = Table("id", "user", "tenant", "role", "ens", "made", "state", box=SIMPLE)
    for row in rows:
        state = "valid" if row.revoked_at is None else f"revoked {_moment(row.revoked_at)}"
        made = _moment(row.created_at)
        table.add_row(row.id, row.user_id, row.tenant, row.role, row.ens or "-", made, state)
    Console(highlight=False).print(table)


@app.command("revoke")
@shown
def revoke(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """End a token; it is refused from then on."""
    if not asyncio.run(_revoke(load_settings(), token_id)):
        typer.echo(
            f"No valid token has the id {token_id}. `onebox tokens list` shows them.", err=True
        )
        raise typer.Exit(1)
    typer.echo(f"{token_id} is revoked")


async def _create(settings: Settings, who: tuple[str, str, Role, str | None], *, fund: bool) -> str:
    user_id, tenant, role, ens = who
    if fund:
        await _fund(settings, user_id)
    db = await _store(settings)
    try:
        async with db.write() as session:
            token, _ = await tokens.create(
                session, user_id=user_id, tenant=tenant, role=role, ens=ens, now=time.time()
            )
    finally:
        await db.close()
    return token


async def _fund(settings: Settings, user_id: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        client = IcsClient(settings.ics_url, settings.ics_token.get_secret_value(), http)
        try:
            await client.faucet(user_id)
        except IcsRefused as refused:
            if refused.ics_code != "FAUCET_LOCAL_ONLY":
                raise


async def _list(settings: Settings) -> list[TokenRow]:
    db = await _store(settings)
    try:
        async with db.read() as session:
            return list(await tokens.list_all(session))
    finally:
        await db.close()


async def _revoke(settings: Settings, token_id: str) -> bool:
    db = await _store(settings)
    try:
        async with db.write() as session:
            return await tokens.revoke(session, token_id, time.time())
    finally:
        await db.close()


async def _store(settings: Settings) -> Database:
    db = Database(settings.database_url)
    await db.migrate()
    return db


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
