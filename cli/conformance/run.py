"""Tries every check and keeps what each found."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import h11
import httpx
from pydantic import ValidationError

from cli.conformance.check import Broken, Check, NotChecked
from cli.conformance.target import Target

Verdict = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True)
class Finding:
    """What one check found; `detail` says what was seen, or what is wrong."""

    check: str
    claim: str
    verdict: Verdict
    detail: str


async def tried(on: Target, checks: Iterable[Check], *, money: bool) -> AsyncIterator[Finding]:
    """Each check in turn, one after the other.

    Args:
        on: the endpoint.
        checks: those of the table.
        money: make those, too, that move tokens.

    Raises:
        httpx.HTTPError: the endpoint does not answer at all.
    """
    facts = (await on.get("/contract")).json()
    on = replace(on, facts=facts if isinstance(facts, dict) else {})
    for check in checks:
        if check.money and not money:
            yield Finding(check.name, check.claim, "skipped", "moves tokens: ask with --money")
        else:
            yield await _found(on, check)


async def _found(on: Target, check: Check) -> Finding:
    verdict: Verdict
    try:
        verdict, detail = "passed", await check.tried(on)
    except Broken as broken:
        verdict, detail = "failed", str(broken)
    except NotChecked as reason:
        verdict, detail = "skipped", str(reason)
    except ValidationError as error:
        verdict, detail = "failed", f"an outcome of another shape: {error.errors()[0]}"
    except (httpx.HTTPError, OSError, TimeoutError, h11.ProtocolError) as error:
        verdict, detail = "failed", f"did not answer: {type(error).__name__} {error}"
    return Finding(check.name, check.claim, verdict, detail)
