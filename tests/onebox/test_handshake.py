import copy
from typing import Any

import pytest

from onebox.contract import Contract
from onebox.deployment import Deployment
from onebox.handshake import differences, supported_tx
from onebox.models import Json
from onebox.policy import RuleBook

ADDRESS = "0x" + "Ab" * 20


def deployment() -> Deployment:
    """A made-up deployment."""
    names = ("token", "jobRegistry", "stakeManager", "validationModule", "feePool")
    all_names = (*names, "identityRegistry", "disputeModule")
    body = {
        "chainId": 31337,
        "genesisHash": "0x" + "1" * 64,
        "deploymentBlock": {"number": 1, "hash": "0x" + "2" * 64},
        "addresses": dict.fromkeys(all_names, ADDRESS),
    }
    return Deployment.model_validate(body)


@pytest.fixture
def theirs(contract: Contract, rulebook: RuleBook) -> Json:
    """What ICS answers when all agree."""
    ours = deployment().model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        "contract": {
            "digest": contract.digest,
            "tools": {name: tool.digest for name, tool in contract.tools.items()},
        },
        "policy": {"digest": rulebook.policy_digest, "tenants": rulebook.shown()},
        "fees": {"digest": rulebook.fees_digest, **rulebook.fees.as_json()},
        "chain": {**ours, "fees": rulebook.fees.as_json()},
    }


def test_nothing_differs_when_all_agree(
    contract: Contract, rulebook: RuleBook, theirs: Json
) -> None:
    """An empty list lets the API be ready."""
    assert differences(contract, rulebook, deployment(), theirs) == []


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("policy", "digest"), "x", "policy"),
        (("fees", "digest"), "x", "fees"),
        (("chain", "chainId"), 1, "chain.chainId"),
        (("chain", "genesisHash"), "0x", "chain.genesisHash"),
        (("chain", "addresses", "token"), "0x", "chain.addresses.token"),
        (("chain", "fees", "feePct"), 6, "chain.fees.feePct"),
        (("chain", "fees", "disputeFee"), "2.00", "chain.fees.disputeFee"),
        (("chain", "fees", "burnPct"), 2, "BURN_RECEIPTS_UNSUPPORTED"),
    ],
)
def test_each_difference_is_named(  # noqa: PLR0913, PLR0917  fixtures and three columns
    contract: Contract,
    rulebook: RuleBook,
    theirs: Json,
    path: tuple[str, ...],
    value: Any,
    says: str,
) -> None:
    """What differs is said by name, so that readyz can show it."""
    changed = copy.deepcopy(theirs)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    found = differences(contract, rulebook, deployment(), changed)
    assert any(says in sentence for sentence in found)


def test_a_drifted_tool_is_named(contract: Contract, rulebook: RuleBook, theirs: Json) -> None:
    """The contract's difference says which tool."""
    theirs["contract"]["digest"] = "x"
    theirs["contract"]["tools"]["job.post"] = "y"
    assert "job.post" in differences(contract, rulebook, deployment(), theirs)[0]


@pytest.mark.parametrize(
    ("tenant", "name", "value", "says"),
    [
        ("acme", "dailyMax", "50.00", "policy.acme.dailyMax: ours is 100.00, that of ICS is 50.00"),
        ("__default__", "requireValidator", False, "policy.__default__.requireValidator: ours is"),
        ("acme", "denyTools", ["job.post"], "that of ICS alone has ['job.post']"),
        ("beta", "maxDurationDays", 3, "policy.beta.maxDurationDays: ours is None"),
    ],
)
def test_a_drifted_policy_is_named_by_tenant_and_member(  # noqa: PLR0913, PLR0917  fixtures and four columns
    rulebook: RuleBook,
    contract: Contract,
    theirs: Json,
    tenant: str,
    name: str,
    value: Any,
    says: str,
) -> None:
    """One sentence, and a tenant without a record is compared as any other tenant."""
    tenants = theirs["policy"]["tenants"]
    tenants[tenant] = {**tenants.get(tenant, tenants["__default__"]), name: value}
    theirs["policy"]["digest"] = "x"
    (found,) = differences(contract, rulebook, deployment(), theirs)
    assert says in found


def test_drifted_fees_are_named_by_member(
    rulebook: RuleBook, contract: Contract, theirs: Json
) -> None:
    """One sentence with both values."""
    theirs["fees"] = {**theirs["fees"], "validatorPct": 9, "digest": "x"}
    (found,) = differences(contract, rulebook, deployment(), theirs)
    assert found == "fees.validatorPct: ours is 8, that of ICS is 9"


def test_files_that_mean_the_same_still_differ(
    rulebook: RuleBook, contract: Contract, theirs: Json
) -> None:
    """Another `updatedAt` changes no rule: the files are named."""
    theirs["policy"]["digest"] = "x"
    (found,) = differences(contract, rulebook, deployment(), theirs)
    assert "org-policies.json" in found


def test_an_empty_answer_differs_in_everything(contract: Contract, rulebook: RuleBook) -> None:
    """An answer of another shape is a difference, never an exception."""
    assert len(differences(contract, rulebook, deployment(), {})) > 5


@pytest.mark.parametrize(
    ("roads", "works", "does_not"),
    [
        (["direct"], {"direct", "raw"}, {"relayer", "2771", "aa", "4337"}),
        (["direct", "relayer"], {"raw", "relayer", "2771", "meta-tx", "meta_tx"}, {"aa", "4337"}),
        (["direct", "aa"], {"aa", "4337", "account-abstraction", "account_abstraction"}, {"2771"}),
        (None, {"direct", "raw"}, {"relayer", "aa"}),
    ],
)
def test_the_roads_of_the_chain_are_those_that_ics_names(
    theirs: Json, roads: list[str] | None, works: set[str], does_not: set[str]
) -> None:
    """Every name of a road works with it; one that ICS does not name does not."""
    chain = {**theirs["chain"], **({} if roads is None else {"roads": roads})}
    found = supported_tx({**theirs, "chain": chain})
    assert works <= found
    assert not does_not & found
