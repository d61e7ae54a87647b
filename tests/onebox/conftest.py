"""The shipped contract and rules, and plans made of sentences."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onebox.contract import Contract, load_contract
from onebox.models import OrchestrationPlan, PlanOut
from onebox.policy import RuleBook, Rules, load_rulebook
from tests.onebox.planner_eval import plan_sentence

CONFIG = Path(__file__).parents[2] / "config"
POST_JOB = "Post a job: label 500 images for 50 AGI in 5 days"

PlanOf = Callable[[str], OrchestrationPlan]


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract that ICS exported."""
    return load_contract(CONFIG)


@pytest.fixture(scope="session")
def rulebook() -> RuleBook:
    """The shipped rules without overrides."""
    return load_rulebook(CONFIG, None, None)


@pytest.fixture(scope="session")
def rules(rulebook: RuleBook) -> Rules:
    """The rules of a tenant that has no record of its own."""
    return rulebook.for_tenant("somebody")


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    """A copy of config/ that a test may break."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


@pytest.fixture
def say(rules: Rules, contract: Contract) -> Callable[..., PlanOut]:
    """Plans a sentence under the shipped rules."""

    def said(text: str, **ask: Any) -> PlanOut:
        return plan_sentence(text, rules, contract, **ask)

    return said


@pytest.fixture
def plan_of(say: Callable[..., PlanOut]) -> PlanOf:
    """The plan of a sentence."""
    return lambda text: say(text).plan
