from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebox.dag import MAX_STEPS, check, ready, references, resolve
from onebox.errors import InputUnresolved, PlanInvalid
from onebox.models import (
    Budget,
    ChainIdentity,
    OrchestrationPlan,
    PlanBasis,
    Policies,
    Step,
    StepKind,
)
from tests.onebox.planner_eval import META


def step(step_id: str, *needs: str, **params: Any) -> Step:
    """A step that only the graph matters of."""
    return Step(id=step_id, name=step_id, kind=StepKind.CHAIN, needs=list(needs), params=params)


def plan_of_steps(*steps: Step) -> OrchestrationPlan:
    """A plan that only the steps matter of."""
    chain = ChainIdentity(chain_id=1, registry="0x", token="0x")
    return OrchestrationPlan(
        plan_id="0" * 64,
        nonce="n",
        created_at="",
        expires_at="",
        steps=list(steps),
        budget=Budget(),
        policies=Policies(tenant_id="t"),
        metadata=META,
        basis=PlanBasis(tools={}, rules="0" * 64, chain=chain),
    )


def is_acyclic(edges: dict[int, set[int]]) -> bool:
    """An oracle of another kind: peel off what needs nothing until nothing changes."""
    left = {node: set(needs) for node, needs in edges.items()}
    while free := [node for node, needs in left.items() if not needs & left.keys()]:
        for node in free:
            del left[node]
    return not left


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.dictionaries(
            st.integers(0, n - 1), st.sets(st.integers(0, n - 1)), min_size=n, max_size=n
        )
    )
)
def test_exactly_the_acyclic_graphs_pass(edges: dict[int, set[int]]) -> None:
    """check() agrees with an independent oracle, and ready() then reaches every step."""
    steps = [step(f"s{n}", *(f"s{m}" for m in sorted(needs))) for n, needs in edges.items()]
    plan = plan_of_steps(*steps)
    if not is_acyclic(edges):
        with pytest.raises(PlanInvalid, match="cycle"):
            check(plan)
        return
    check(plan)
    done: set[str] = set()
    while batch := ready(plan.steps, done, ()):
        done |= {found.id for found in batch}
    assert done == {found.id for found in steps}


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([step("a"), step("a")], "'a' is used twice"),
        ([step("a", "b")], "needs 'b'"),
        ([step("a", "a")], "cycle"),
        ([step("a"), step("b", x={"$from": "a", "path": "p"})], "b does not need"),
        ([step("a", x={"$from": "a", "path": "p"})], "a does not need"),
        ([step("a", x={"$from": 1, "path": "p"})], "is not"),
        ([step("a", x={"$from": "b"})], "is not"),
        ([step(f"s{n}") for n in range(MAX_STEPS + 1)], "1000 are allowed"),
        ([step("a", x="y" * 210_000)], "bytes"),
    ],
)
def test_a_broken_plan_is_refused_naming_the_step(steps: list[Step], says: str) -> None:
    """Each fault of reliability.md P3 is PLAN_INVALID with words."""
    with pytest.raises(PlanInvalid, match=says):
        check(plan_of_steps(*steps))


def test_a_thousand_steps_in_a_row_are_a_plan() -> None:
    """The limit itself is allowed, and depth is no recursion."""
    first = step("s0")
    rest = [step(f"s{n}", f"s{n - 1}", x={"$from": "s0", "path": "p"}) for n in range(1, MAX_STEPS)]
    check(plan_of_steps(first, *rest))


def test_ready_keeps_plan_order_and_leaves_out_what_started() -> None:
    """A started step does not start again; needs must be done, not only started."""
    steps = [step("a"), step("b"), step("c", "a")]
    assert [s.id for s in ready(steps, done=set(), started={"a"})] == ["b"]
    assert [s.id for s in ready(steps, done={"a"}, started={"a"})] == ["b", "c"]


def test_references_are_found_at_any_depth_and_resolved() -> None:
    """A `$from` leaf becomes the output that it names."""
    params = {
        "job": {"uri": {"$from": "pin", "path": "uri"}, "list": [{"$from": "p", "path": "a.b"}]}
    }
    assert [r.pointer for r in references(params)] == ["/job/uri", "/job/list/0"]
    outputs: dict[str, dict[str, Any]] = {"pin": {"uri": "ipfs://x"}, "p": {"a": {"b": False}}}
    assert resolve(params, outputs) == {"job": {"uri": "ipfs://x", "list": [False]}}


@pytest.mark.parametrize("outputs", [{}, {"pin": {}}, {"pin": {"uri": None}}])
def test_a_missing_output_is_named(outputs: dict[str, Any]) -> None:
    """INPUT_UNRESOLVED says which step gave no such output."""
    with pytest.raises(InputUnresolved, match="pin gave no output 'uri'"):
        resolve({"uri": {"$from": "pin", "path": "uri"}}, outputs)
