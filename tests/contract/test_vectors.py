"""Both languages agree with the vectors, which belong to neither (tests/data/README.md).

vitest reads the same files in ics/test/vectors.test.ts.
"""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from api.services.deadlines import deadlines_of
from onebox.config_file import read_json
from onebox.contract import load_contract
from onebox.digest import canonical, digest, sha256_hex, step_digest
from onebox.errors import AmountInvalid, BodyInvalid
from onebox.models import Role
from onebox.money import escrow_of, fee_of, format_amount, parse_amount
from onebox.policy import RuleBook, Rules, load_rulebook
from onebox.simulator import simulate
from onebox.strictjson import loads_strict
from tests.data.vectors import files, text_of
from tests.support.builders import plan_of, step

DATA, CONFIG = Path("tests/data"), Path("config")
PARTS = ("plan_id", "step_id", "gen", "intent", "params", "meta")
CODES = {
    "TOOL_NOT_ALLOWED",
    "OVER_BUDGET",
    "JOB_BUDGET_CAP_EXCEEDED",
    "JOB_DEADLINE_CAP_EXCEEDED",
}


def read(name: str) -> Any:
    """One vector file."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


STEPS, TEXTS, AMOUNTS = read("step_digests"), read("canonical"), read("amounts")
POLICIES, DEADLINES, SHIPPED = read("policies"), read("deadlines"), read("shipped")


def by_name(case: dict[str, Any]) -> str:
    """The id of a case that has a name."""
    return str(case["name"])


def by_words(case: dict[str, Any]) -> str:
    """The id of a case by its short facts."""
    names = ("config", "tenant", "tool", "code", "step_id", "gen", "days", "longest", "pct")
    return " ".join(str(case[name]) for name in names if name in case)


@pytest.mark.parametrize("name", files())
def test_each_file_is_what_its_script_writes(name: str) -> None:
    """Nobody adjusts a vector to what a side computes: it is written by tests/data/vectors.py."""
    assert (DATA / name).read_text(encoding="utf-8") == text_of(files()[name])


@pytest.mark.parametrize("vector", STEPS, ids=by_words)
def test_step_digests(vector: dict[str, Any]) -> None:
    """Canonical text and digest are those written down."""
    parts = {name: vector[name] for name in PARTS}
    assert canonical(parts).decode() == vector["canonical"]
    assert step_digest(**parts) == vector["digest"] == sha256_hex(vector["canonical"].encode())


@pytest.mark.parametrize("vector", TEXTS["accepted"], ids=by_name)
def test_canonical_forms(vector: dict[str, str]) -> None:
    """What arrives as this text has this form and this digest, and the form has itself."""
    value = loads_strict(vector["json"].encode())
    assert canonical(value).decode() == vector["canonical"]
    assert digest(value) == vector["sha256"]
    assert canonical(loads_strict(vector["canonical"].encode())) == canonical(value)


@pytest.mark.parametrize("vector", TEXTS["refused"], ids=by_name)
def test_texts_without_canonical_form(vector: dict[str, str]) -> None:
    """Neither side takes it in."""
    with pytest.raises(BodyInvalid):
        canonical(loads_strict(vector["json"].encode()))


@pytest.mark.parametrize("vector", AMOUNTS["read"], ids=lambda case: case["text"])
def test_amounts_read(vector: dict[str, str]) -> None:
    """Decimal text becomes base units."""
    assert parse_amount(vector["text"]) == int(vector["units"])


@pytest.mark.parametrize("vector", AMOUNTS["shown"], ids=lambda case: case["text"])
def test_amounts_shown(vector: dict[str, str]) -> None:
    """Base units become decimal text."""
    assert format_amount(int(vector["units"])) == vector["text"]


@pytest.mark.parametrize("text", AMOUNTS["refused"], ids=lambda text: ascii(text)[:30])
def test_texts_that_are_no_amount(text: str) -> None:
    """Refused by the same grammar."""
    with pytest.raises(AmountInvalid):
        parse_amount(text)


@pytest.mark.parametrize("field", AMOUNTS["fields"], ids=lambda f: f"{f['tool']} {f['at'][-1]}")
def test_no_field_takes_what_is_no_amount(field: dict[str, Any]) -> None:
    """Text or not; an amount it takes."""
    contract = load_contract(CONFIG)

    def takes(value: Any) -> bool:
        params = json.loads(json.dumps(field["params"]))
        *path, last = field["at"]
        place = params
        for name in path:
            place = place[name]
        place[last] = value
        return not contract.check_params(field["tool"], params, allow_refs=False)

    assert takes("12.5")
    assert [bad for bad in AMOUNTS["refused"] + AMOUNTS["refused_values"] if takes(bad)] == []


@pytest.mark.parametrize("vector", AMOUNTS["fees"], ids=lambda c: f"{c['pct']} of {c['reward']}")
def test_fees_and_escrows(vector: dict[str, Any]) -> None:
    """The fee is floored; the escrow is the sum."""
    reward, pct = int(vector["reward"]), vector["pct"]
    found = (fee_of(reward, pct), escrow_of(reward, SimpleNamespace(fee_pct=pct)))
    assert found == (int(vector["fee"]), int(vector["escrow"]))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RuleBook]:
    """The configurations of policies.json, read as files."""
    found = {}
    for name, config in POLICIES["configs"].items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "policies.default.json").write_text(json.dumps(config["default"]))
        (folder / "org-policies.json").write_text(json.dumps(config["orgs"]))
        (folder / "fees.json").write_text(json.dumps(SHIPPED["files"]["fees.json"]))
        found[name] = load_rulebook(folder, None, None)
    return found


def rules_of(books: dict[str, RuleBook], vector: dict[str, Any]) -> Rules:
    """Of the vector's tenant in its configuration."""
    return books[vector["config"]].for_tenant(vector["tenant"])


@pytest.mark.parametrize("vector", POLICIES["effective"], ids=by_words)
def test_effective_policies(books: dict[str, RuleBook], vector: dict[str, Any]) -> None:
    """The default, narrowed by the tenant's record."""
    told = rules_of(books, vector).policy_json()
    holds = {name: value for name, value in vector.items() if name not in {"config", "tenant"}}
    assert told == {**holds, "requireValidator": told["requireValidator"]}


@pytest.mark.parametrize("vector", POLICIES["decisions"], ids=by_words)
def test_decisions(books: dict[str, RuleBook], vector: dict[str, Any]) -> None:
    """One call by itself: allowed, or refused with the code."""
    rules, tool = rules_of(books, vector), vector["tool"]
    assert rules.fees.fee_pct == vector["feePct"]
    plan = plan_of(step("asked", tool=tool, params=vector["params"]), budget="1")
    found = simulate(plan, rules, load_contract(CONFIG), role=Role.GOVERNANCE, ens="alice")
    codes = {blocker.code for blocker in found.blockers} & CODES
    assert codes == ({vector["code"]} - {None})


@pytest.mark.parametrize("vector", DEADLINES, ids=by_words)
def test_deadlines(vector: dict[str, int]) -> None:
    """Whole days become one instant, a margin inside the chain's limit."""
    plan = plan_of(step("post", tool="job.post", params={"job": {"deadline": vector["days"]}}))
    limits = {"maxJobDuration": vector["longest"]}
    facts = {"chain": {"head": {"timestamp": vector["head"]}, "limits": limits}}
    assert deadlines_of(plan, facts) == {"post": vector["deadlineAt"]}


@pytest.mark.parametrize("name", SHIPPED["files"])
def test_shipped_rules(name: str) -> None:
    """config/ says what the vectors say: a changed word there is meant on both sides."""
    assert read_json(CONFIG / name) == SHIPPED["files"][name], f"config/{name} has drifted"


def test_shipped_digests() -> None:
    """Policy and fees have the digests that an independent script gives them."""
    book = load_rulebook(CONFIG, None, None)
    found = (book.policy_digest, book.fees_digest)
    assert found == (SHIPPED["policy_sha256"], SHIPPED["fees_sha256"])
