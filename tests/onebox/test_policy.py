import json
from pathlib import Path
from typing import Any

import pytest

from onebox.contract import Contract
from onebox.errors import ConfigInvalid
from onebox.money import UNIT
from onebox.policy import RuleBook, load_rulebook


def with_orgs(config_dir: Path, orgs: Any) -> RuleBook:
    """The shipped rules with other tenants."""
    (config_dir / "org-policies.json").write_text(json.dumps(orgs), encoding="utf-8")
    return load_rulebook(config_dir, None, None)


def test_the_default_allows_every_tool_of_the_contract(
    rulebook: RuleBook, contract: Contract
) -> None:
    """No tool is forgotten in policies.default.json."""
    assert set(rulebook.for_tenant("anybody").allow_tools) == set(contract.tools)


def test_a_tenant_only_narrows_the_default(config_dir: Path) -> None:
    """Its daily maximum is the lower of both and its tools a subset."""
    record = {
        "dailyMax": "900.00",
        "allowedTools": ["job.*", "magic.wand"],
        "deniedTools": ["job.post"],
    }
    rules = with_orgs(config_dir, {"wide": record}).for_tenant("wide")
    assert rules.daily_max == 100 * UNIT
    assert rules.allows("job.apply")
    assert not rules.allows("job.post")
    assert not rules.allows("ipfs.pin")
    assert not rules.allows("magic.wand")


def test_an_empty_list_allows_nothing_and_a_star_everything(config_dir: Path) -> None:
    """`[]` is a list of no tools, not the absence of one."""
    orgs = {"none": {"allowedTools": []}, "all": {"allowedTools": ["*"]}, "unsaid": {}}
    book = with_orgs(config_dir, orgs)
    assert not book.for_tenant("none").allows("job.apply")
    assert book.for_tenant("all").allows("job.apply")
    assert book.for_tenant("unsaid").allows("job.apply")


def test_unknown_tenants_have_the_default_record(config_dir: Path) -> None:
    """`__default__` applies where no record names the tenant."""
    orgs = {"__default__": {"maxDurationDays": 9, "maxBudgetWei": str(UNIT)}, "own": {}}
    book = with_orgs(config_dir, orgs)
    assert book.for_tenant("stranger").max_duration_days == 9
    assert book.for_tenant("stranger").max_budget == UNIT
    assert book.for_tenant("own").max_duration_days is None


def test_the_digest_covers_tenant_and_fees(config_dir: Path, rulebook: RuleBook) -> None:
    """Another fee or another tenant is another set of rules."""
    other = load_rulebook(config_dir, 6, None)
    assert other.fees.fee_pct == 6
    assert other.fees_digest != rulebook.fees_digest
    assert other.policy_digest == rulebook.policy_digest
    assert other.for_tenant("a").digest != rulebook.for_tenant("a").digest
    assert rulebook.for_tenant("a").digest != rulebook.for_tenant("b").digest


_FEES = '{"feePct":5,"validatorPct":8,"feePoolBurnPct":1,"burnPct":0}'


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("policies.default.json", "{", "policies.default.json#"),
        ("policies.default.json", "{}", "policies.default.json#/allowTools"),
        ("org-policies.json", "[]", "org-policies.json#"),
        ("org-policies.json", '{"a":{"dailyMax":5}}', "org-policies.json#/a/dailyMax"),
        ("org-policies.json", '{"a":{"maxBudgetWei":"-1"}}', "org-policies.json#/a/maxBudgetWei"),
        ("org-policies.json", '{"a":{"maxDurationDays":true}}', "#/a/maxDurationDays"),
        ("org-policies.json", '{"a":{"maxBudget":"1"}}', "#/a/maxBudget"),
        ("org-policies.json", '{"a":{},"a":{}}', "twice"),
        ("fees.json", '{"feePct":5.5}', "fees.json#/feePct"),
        ("fees.json", '{"feePct":5,"extra":1}', "fees.json#/extra"),
        ("fees.json", _FEES, "fees.json#/disputeFee"),
        ("fees.json", _FEES[:-1] + ',"disputeFee":1}', "fees.json#/disputeFee"),
    ],
)
def test_a_broken_file_refuses_the_start(config_dir: Path, file: str, text: str, says: str) -> None:
    """The message names the file and the JSON pointer."""
    (config_dir / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=says):
        load_rulebook(config_dir, None, None)


@pytest.mark.parametrize("junk", [-1, 101, True, 5.0, "5"])
def test_a_junk_override_is_refused_not_ignored(config_dir: Path, junk: Any) -> None:
    """Percents are whole numbers from 0 to 100."""
    with pytest.raises(ConfigInvalid, match="whole percent"):
        load_rulebook(config_dir, junk, None)
