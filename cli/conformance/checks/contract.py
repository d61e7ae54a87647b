"""Do both sides speak of the same tools, rules and chain?"""

from typing import Any

from cli.conformance.check import must, same
from cli.conformance.target import Target
from onebox.digest import digest
from onebox.models import Json

_CHAIN = ("chainId", "genesisHash", "deploymentBlock", "addresses", "fees", "limits", "head")


async def digests(on: Target) -> str:
    """Recompute what is served as schemas; compare what is served as digests."""
    theirs = _part(await _facts(on), "contract")
    served = _part(theirs, "tools")
    given = {name: _digest_of(name, row) for name, row in served.items()}
    ours = {name: tool.digest for name, tool in on.contract.tools.items()}
    wrong = sorted(name for name in {*ours, *given} if ours.get(name) != given.get(name))
    must(not wrong, f"tools that differ from ics.contract.json: {', '.join(wrong)}")
    same(theirs.get("digest"), on.contract.digest, "the digest over all")
    if "meta" in theirs:
        whole = digest(_without_digest(theirs))
        same(theirs["digest"], whole, "the digest over all, recomputed")
    return f"{len(ours)} tools"


def _digest_of(name: str, row: Any) -> str:
    """A row's digest: as said, or recomputed where the whole row is served."""
    if not isinstance(row, dict):
        return str(row)
    computed = digest(_without_digest(row))
    same(row.get("digest"), computed, f"the digest of {name}")
    return computed


async def rules(on: Target) -> str:
    """The fees' digest is over all that they say; the policy has one."""
    facts = await _facts(on)
    fees = _part(facts, "fees")
    same(fees.get("digest"), digest(_without_digest(fees)), "the fees' digest")
    policy = str(_part(facts, "policy").get("digest"))
    must(len(policy) == len("0" * 64), f"policy.digest is {policy!r}")
    return f"fee {fees.get('feePct')} %"


async def chain(on: Target) -> str:
    """The chain says who it is, and takes the fees that the endpoint says."""
    facts = await _facts(on)
    said = _part(facts, "chain")
    must(not (missing := [name for name in _CHAIN if name not in said]), f"no chain.{missing}")
    same(_part(said, "fees"), _without_digest(_part(facts, "fees")), "fees on the chain")
    return f"chain {said['chainId']} at block {_part(said, 'head').get('number')}"


async def _facts(on: Target) -> Json:
    heard = await on.get("/contract")
    found = heard.json()
    must(heard.http == 200 and isinstance(found, dict), f"GET /contract: {heard}")  # noqa: PLR2004  OK
    return dict(found)


def _part(value: Json, name: str) -> Json:
    part = value.get(name)
    must(isinstance(part, dict), f"{name} is no object")
    return dict(part or {})


def _without_digest(value: Json) -> Json:
    return {name: member for name, member in value.items() if name != "digest"}
