"""Do OneBox and ICS speak of the same tools, rules, fees and chain? What differs is named."""

from collections.abc import Iterator
from typing import Any

from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.models import Json, TxMode
from onebox.policy import ANY_TENANT, RuleBook


def differences(
    contract: Contract, rulebook: RuleBook, deployment: Deployment, ics_contract_json: Json
) -> list[str]:
    """Every difference to ICS's `GET /contract`, each a sentence; empty when all agree.

    Args:
        contract: ours.
        rulebook: ours.
        deployment: the file that we read.
        ics_contract_json: the answer of ICS, as parsed JSON.
    """
    return [
        *_contract(contract, _at(ics_contract_json, "contract")),
        *_rules(rulebook, ics_contract_json),
        *_chain(deployment, _at(ics_contract_json, "chain")),
        *_chain_fees(rulebook, _at(ics_contract_json, "chain", "fees")),
    ]


def supported_tx(ics_contract_json: Json) -> frozenset[str]:
    """The values of `metadata.txMode`, other names included, that ICS says its chain has."""
    roads = _at(ics_contract_json, "chain", "roads")
    known = roads if isinstance(roads, list) else ["direct"]
    return frozenset(mode.value for mode in TxMode if mode.road in known)


def _contract(contract: Contract, theirs: Any) -> Iterator[str]:
    if _at(theirs, "digest") == contract.digest:
        return
    tools = _at(theirs, "tools")
    their_tools = tools if isinstance(tools, dict) else {}
    names = [
        name
        for name in sorted({*contract.tools, *their_tools})
        if name not in contract.tools or contract.tools[name].digest != their_tools.get(name)
    ]
    yield f"contract: the digests differ ({', '.join(names) or 'outside the tools'})"


def _rules(rulebook: RuleBook, theirs: Json) -> Iterator[str]:
    if _at(theirs, "policy", "digest") != rulebook.policy_digest:
        yield from _policies(rulebook, _at(theirs, "policy", "tenants"))
    if _at(theirs, "fees", "digest") != rulebook.fees_digest:
        named = list(_words("fees", rulebook.fees.as_json(), _at(theirs, "fees")))
        yield from named or ["fees: the digests of fees.json differ"]


def _policies(rulebook: RuleBook, theirs: Any) -> Iterator[str]:
    """In what a tenant may do; files that differ in nothing of it are named as files."""
    ours, told = rulebook.shown(), theirs if isinstance(theirs, dict) else {}
    named = [
        difference
        for tenant in sorted({*ours, *told})
        for difference in _words(f"policy.{tenant}", _of(ours, tenant), _of(told, tenant))
    ]
    yield from named or [
        "policy: the digests of policies.default.json and org-policies.json differ"
    ]


def _of(policies: Json, tenant: str) -> Any:
    """A tenant without a record of its own has that of any tenant."""
    return policies.get(tenant, policies.get(ANY_TENANT))


def _words(place: str, ours: Json, theirs: Any) -> Iterator[str]:
    """Each member that differs; none of a side that tells no members."""
    if not isinstance(theirs, dict):
        return
    for name in sorted({*ours, *theirs} - {"digest"}):
        mine, other = ours.get(name), theirs.get(name)
        if mine != other:
            yield f"{place}.{name}: ours {_but(mine, other)}, that of ICS {_but(other, mine)}"


def _but(value: Any, other: Any) -> str:
    """What a value is; of a list, what it has and the other lacks."""
    if isinstance(value, list) and isinstance(other, list):
        return f"alone has {[item for item in value if item not in other]}"
    return f"is {value}"


def _chain(deployment: Deployment, theirs: Any) -> Iterator[str]:
    ours = deployment.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in ("chainId", "genesisHash", "deploymentBlock"):
        if _at(theirs, name) != ours[name]:
            yield f"chain.{name}: ours is {ours[name]}, that of ICS {_at(theirs, name)}"
    for name, address in ours["addresses"].items():
        found = _at(theirs, "addresses", name)
        if name == "systemPause" and found is None:
            continue  # ICS need not tell where the brake is
        if str(found).lower() != address.lower():
            yield f"chain.addresses.{name}: ours is {address}, that of ICS {found}"


def _chain_fees(rulebook: RuleBook, theirs: Any) -> Iterator[str]:
    for name, value in rulebook.fees.as_json().items():
        found = _at(theirs, name)
        if found != value:
            yield f"chain.fees.{name}: fees.json says {value}, the chain {found}"
    burn = _at(theirs, "burnPct")
    if rulebook.fees.burn_pct > 0 or (isinstance(burn, int) and burn > 0):
        yield "BURN_RECEIPTS_UNSUPPORTED: burnPct above 0 wants burn receipts, not filed yet"


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
