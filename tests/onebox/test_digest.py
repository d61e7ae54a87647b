from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebox.digest import canonical, digest, key_of, plan_digest, run_id_of, step_digest
from onebox.errors import BodyInvalid
from tests.onebox.conftest import POST_JOB, PlanOf


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9)))
def test_the_order_of_names_does_not_matter(value: dict[str, int]) -> None:
    """Canonical JSON sorts names, so equal objects have one digest."""
    assert digest(value) == digest(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [float("nan"), 2**53, "\ud800", {"a": float("inf")}])
def test_values_without_canonical_form_are_refused(value: Any) -> None:
    """What TypeScript could not hash alike is BODY_INVALID here."""
    with pytest.raises(BodyInvalid):
        canonical(value)


def test_a_step_digest_is_the_digest_of_its_six_facts() -> None:
    """The shape that ICS recomputes, key order of RFC 8785."""
    facts: dict[str, Any] = {
        "plan_id": "0" * 64,
        "step_id": "post_job",
        "gen": 0,
        "intent": "create_job",
        "params": {"b": 1, "a": "ü"},
        "meta": {"userId": "operator"},
    }
    text = (
        '{"gen":0,"intent":"create_job","meta":{"userId":"operator"},"params":{"a":"ü","b":1},'
        f'"plan_id":"{"0" * 64}","step_id":"post_job"}}'
    )
    assert canonical(facts) == text.encode()
    assert step_digest(**facts) == digest(facts)


def test_a_plan_hashes_to_its_id_and_any_edit_to_another(plan_of: PlanOf) -> None:
    """plan_id covers everything but itself."""
    plan = plan_of(POST_JOB)
    assert plan_digest(plan) == plan.plan_id
    for update in ({"nonce": "other"}, {"revises": "0" * 64}, {"steps": plan.steps[1:]}):
        assert plan_digest(plan.model_copy(update=update)) != plan.plan_id


def test_ids_are_made_of_what_they_name() -> None:
    """One run per plan, one key per generation of a step."""
    assert run_id_of("a" * 64) == run_id_of("a" * 64) != run_id_of("b" * 64)
    assert run_id_of("a" * 64).startswith("run_")
    assert key_of("run_1", "post_job", 2) == "run_1:post_job:2"
