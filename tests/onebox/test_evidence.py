from collections.abc import Callable

import pytest

from onebox.models import PlanOut
from tests.eval.route import SETS, items_of

Say = Callable[..., PlanOut]
TEXTS = sorted({i["text"] for s in SETS.values() for i in items_of(s) if not i["expect"]["error"]})
SENTENCES = {
    "Post a job: “Logo”, 50 AGI, five days": {
        "kind": "Post a job",
        "title": "Logo",
        "reward_agialpha": "50",
        "deadline_days": "five days",
    },
    " \u200bApply to job no. 0042 as Alice.agent.agi.eth!": {
        "kind": "Apply",
        "job_id": "job no. 0042",
        "ens_subdomain": "Alice.agent.agi.eth",
    },
    "Re\u0301cupe\u0300re mon se\u0301questre du job 4": {"job_id": "job 4"},
    "Publie une mission : traduire, 1\u202f200 AGI, 10 jours": {"reward_agialpha": "1\u202f200"},
    "Submit (https://a.example/x). for job 9 as fox": {
        "result": "https://a.example/x",
        "ens_subdomain": "fox",
    },
    "Stake 40 AGI as an agent, no, as a validator": {"amount_agialpha": "40", "role": "validator"},
    "Reject job 12, it is late": {"approve": "Reject"},
    "Finalize job 12 as failed": {"success": "failed"},
    "Dispute job 9 because the files are corrupt": {"reason": "the files are corrupt"},
    "set feePct to 3": {"key": "feePct", "value": "3"},
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_evidence_is_the_words_as_they_were_typed(
    text: str, expected: dict[str, str], say: Say
) -> None:
    """Start and end count characters of the request, before anything was cleaned."""
    evidence = say(text).intent.evidence
    words = {name: text[evidence[name].start : evidence[name].end] for name in expected}
    assert {name: word.strip("().") for name, word in words.items()} == expected


def test_every_filled_field_has_its_words(say: Say) -> None:
    """Over all sentences of the sets: no field without a span inside the text, none too many."""
    for text in TEXTS:
        out = say(text)
        intent = out.intent.model_dump(exclude={"constraints", "attachments", "evidence"})
        filled = {name for name, value in intent.items() if value is not None}
        filled |= {*out.intent.constraints}
        if out.intent.kind == "custom":
            filled.discard("kind")
        assert set(out.intent.evidence) == filled, text
        for found in out.intent.evidence.values():
            assert found.by == "text"
            assert found.start is not None
            assert found.end is not None
            assert 0 <= found.start < found.end <= len(text), text


def test_the_answer_names_the_text_that_its_evidence_points_into(say: Say) -> None:
    """PlanOut.input_text is what was typed."""
    assert say(" hello ").input_text == " hello "
