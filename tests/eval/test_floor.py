import pytest

from onebox.models import Json
from tests.eval.__main__ import FLOOR
from tests.eval.route import SETS, items_of, scores_of
from tests.eval.scoring import score

_ITEM: Json = {
    "id": "x",
    "text": "x",
    "expect": {"kind": "stake", "ics": {"stake.amountAGIA": "5"}, "missing": [], "error": None},
}


@pytest.mark.parametrize("name", SETS)
async def test_the_sets_keep_their_floor_through_the_route(name: str) -> None:
    """At least 97 % right, and no item that would move more money than its text says."""
    scores = await scores_of(items_of(SETS[name]))
    assert [s.item["id"] for s in scores if s.wrong_money] == []
    wrong = {s.item["id"]: s.failed for s in scores if s.failed}
    assert len(scores) - len(wrong) >= FLOOR * len(scores), wrong


def test_the_own_set_is_large_enough() -> None:
    """At least 150 sentences, none of them in the dev set, each id once."""
    own, dev = items_of(SETS["own"]), {item["text"] for item in items_of(SETS["dev"])}
    texts = {item["text"] for item in own}
    assert len(texts) >= 150
    assert texts.isdisjoint(dev)
    assert len({item["id"] for item in own}) == len(own)


@pytest.mark.parametrize(
    ("amount", "right", "wrong_money"),
    [("5.00", True, False), ("4", False, False), ("6", False, True)],
)
def test_an_item_counts_only_as_a_whole(amount: str, right: bool, wrong_money: bool) -> None:
    """More than the text says is wrong money; less is only wrong."""
    ics = {"params": {"stake": {"amountAGIA": amount, "role": "agent"}}}
    body: Json = {"ics": ics, "ics_draft": None, "intent": {"kind": "stake"}, "missing_fields": []}
    got = score(_ITEM, 200, body)
    assert (not got.failed, got.wrong_money) == (right, wrong_money)


def test_a_refusal_counts_only_where_it_is_expected() -> None:
    """Status and code; a plan where a refusal was expected is wrong."""
    expected = _ITEM | {"expect": _ITEM["expect"] | {"error": "INVALID_REWARD"}}
    assert score(expected, 400, {"code": "INVALID_REWARD"}).failed == []
    assert score(expected, 500, {"code": "INVALID_REWARD"}).failed
    assert score(_ITEM, 400, {"code": "INVALID_REWARD"}).failed
