"""`onebox conformance`: does an endpoint keep the contract of ICS?"""

import asyncio
from dataclasses import replace
from typing import Annotated

import httpx
import typer
from rich.console import Console

from cli.commands.faults import shown
from cli.conformance import report
from cli.conformance.run import Finding, tried
from cli.conformance.table import CHECKS
from cli.conformance.target import Target
from onebox.contract import load_contract
from onebox.errors import IcsUnavailable
from onebox.policy import load_rulebook
from onebox.settings import load_settings

_SECONDS = 60.0

Url = Annotated[str, typer.Argument(metavar="URL", help="Where the endpoint answers.")]
Token = Annotated[str | None, typer.Option(help="The service token, else ONEBOX_ICS_TOKEN.")]
Money = Annotated[bool, typer.Option("--money", help="Also deposit one token as a stake.")]
User = Annotated[str, typer.Option(help="The userId of every call.")]
Tenant = Annotated[str, typer.Option(help="Whose policy holds for the calls.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


@shown
def conformance(  # noqa: PLR0913  one option each
    url: Url,
    *,
    token: Token = None,
    user: User = "operator",
    tenant: Tenant = "acme",
    money: Money = False,
    as_json: AsJson = False,
) -> None:
    """Check that an ICS endpoint keeps the contract; exit code 1 where it does not."""
    settings = load_settings()
    secret = token or settings.ics_token.get_secret_value()
    contract = load_contract(settings.config_dir)
    rulebook = load_rulebook(settings.config_dir, settings.fee_pct, settings.burn_pct)
    target = Target(url.rstrip("/"), secret, contract, rulebook, user, tenant)
    findings = asyncio.run(_found(target, money=money))
    if as_json:
        typer.echo(report.as_json(findings))
    else:
        report.show(findings, Console(highlight=False))
    if report.counts(findings)["failed"]:
        raise typer.Exit(1)


async def _found(target: Target, *, money: bool) -> list[Finding]:
    async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as http:
        on = replace(target, http=http)
        try:
            return [found async for found in tried(on, CHECKS, money=money)]
        except httpx.HTTPError as error:
            raise IcsUnavailable(f"{target.url}: {type(error).__name__} {error}") from error
