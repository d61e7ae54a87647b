import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onebox.contract import FILE, Contract, load_contract
from onebox.errors import ConfigInvalid
from onebox.models import Effect, StepKind

JOB: dict[str, Any] = {
    "rewardAGIA": "50.00",
    "deadline": 5,
    "title": "Logo",
    "uri": {"$from": "pin_spec", "path": "uri"},
    "specHash": {"$from": "pin_spec", "path": "specHash"},
}


def test_every_tool_of_the_design_is_there(contract: Contract) -> None:
    """DESIGN.md section 3: seventeen tools, the money steps marked as such."""
    assert len(contract.tools) == 17
    assert contract.tools["job.post"].effect is Effect.MONEY
    assert contract.tools["job.post"].holds == "escrow"
    assert contract.tools["job.collect"].kind is StepKind.FETCH


def test_references_stand_for_any_leaf_only_where_allowed(contract: Contract) -> None:
    """A plan may refer to outputs; what is sent may not."""
    assert contract.check_params("job.post", {"job": JOB}, allow_refs=True) == []
    problems = contract.check_params("job.post", {"job": JOB}, allow_refs=False)
    assert {p.pointer for p in problems} == {"/job/uri", "/job/specHash"}


def test_missing_and_wrong_values_are_told_apart(contract: Contract) -> None:
    """What is absent is FIELDS_MISSING, what is wrong PARAM_INVALID, each with its place."""
    job = {k: v for k, v in JOB.items() if k != "deadline"} | {"rewardAGIA": "1e3"}
    problems = contract.check_params("job.post", {"job": job}, allow_refs=True)
    assert [(p.code, p.pointer) for p in problems] == [
        ("FIELDS_MISSING", "/job/deadline"),
        ("PARAM_INVALID", "/job/rewardAGIA"),
    ]


def test_one_of_several_missing_names_is_said_so(contract: Contract) -> None:
    """A submission needs payload or uri."""
    params = {"jobId": "4", "ens": {"subdomain": "fox"}, "result": {}}
    problems = contract.check_params("job.submit", params, allow_refs=True)
    assert problems
    assert all(p.code == "FIELDS_MISSING" for p in problems)


def test_a_reference_in_an_alternative_is_excused(contract: Contract) -> None:
    """AnyOf branches are judged without the leaf that nobody knows yet."""
    result = {"uri": {"$from": "a", "path": "uri"}}
    params = {"jobId": "4", "ens": {"subdomain": "fox"}, "result": result}
    assert contract.check_params("job.submit", params, allow_refs=True) == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("burnPct", "2", "feePool.setBurnPct"),
        ("feePct", "six", "a whole percent from 0 to 100"),
        ("feePct", 101, "a whole percent from 0 to 100"),
        ("maxJobReward", "500 AGIALPHA", "decimal AGIALPHA without a unit"),
        ("jobDurationLimit", "soon", "seconds, such as 604800, or days, such as 7d"),
        ("stakeManager.setTreasury", "0x12", "an address: 0x and 40 hex digits"),
        ("agentMerkleRoot", "0x12", "32 bytes: 0x and 64 hex digits"),
        ("pauseAll", "no", "takes no value of its own"),
    ],
)
def test_a_wrong_setting_is_told_what_is_allowed(
    contract: Contract, key: str, value: Any, says: str
) -> None:
    """Keys and values of governance.set are typed key by key, in words."""
    (problem,) = contract.check_params(
        "governance.set", {"key": key, "value": value}, allow_refs=True
    )
    assert problem.code == "PARAM_INVALID"
    assert says in problem.message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("feePct", "6"),
        ("jobRegistry.setFeePct", 6),
        ("jobDurationLimit", "7 days"),
        ("jobDurationLimit", {"days": 7}),
        ("jobRegistry.setJobParameters", {"maxReward": "500", "jobStake": "1.5"}),
        ("pauseAll", "true"),
        ("feePct", {"$from": "a", "path": "x"}),
    ],
)
def test_a_setting_is_taken_as_a_sentence_gives_it(
    contract: Contract, key: str, value: Any
) -> None:
    """Text of a sentence and typed values of a plan alike."""
    params = {"key": key, "value": value}
    assert contract.check_params("governance.set", params, allow_refs=True) == []


def test_unknown_params_are_refused(contract: Contract) -> None:
    """Every object of the contract is closed."""
    problems = contract.check_params("job.collect", {"jobId": "1", "x": 1}, allow_refs=True)
    assert [p.code for p in problems] == ["PARAM_INVALID"]


@pytest.mark.parametrize(
    ("edit", "pointer"),
    [
        (lambda body: body.update(version=2), "#/version"),
        (lambda body: body.update(digest="0" * 64), "#/digest"),
        (lambda body: body["tools"]["job.post"].update(effect="pure"), "#/digest"),
    ],
)
def test_an_edited_contract_refuses_the_start(
    config_dir: Path, edit: Callable[[Any], None], pointer: str
) -> None:
    """The digests are verified at load; the message names file and place."""
    path = config_dir / FILE
    body = json.loads(path.read_text(encoding="utf-8"))
    edit(body)
    path.write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=FILE + pointer):
        load_contract(config_dir)


def test_a_missing_contract_refuses_the_start(tmp_path: Path) -> None:
    """The message names the file that cannot be read."""
    with pytest.raises(ConfigInvalid, match="cannot be read"):
        load_contract(tmp_path)
