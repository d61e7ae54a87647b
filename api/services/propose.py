"""Propose: what a language model makes of the sentence, where the installation has one."""

from datetime import datetime

from api.deps import Deps
from api.proposer import NoProposal
from onebox.models import PlanIn
from onebox.planner import Proposal
from onebox.planner.normalise import MAX_TEXT

Proposed = tuple[Proposal | None, tuple[str, ...]]


async def proposal_for(deps: Deps, asked: PlanIn, now: datetime) -> Proposed:
    """(proposal, warnings): the rules alone plan a revision, and whatever the model fails at."""
    text = asked.input_text or ""
    readable = bool(text.strip()) and len(text) <= MAX_TEXT
    if deps.propose is None or asked.revises is not None or not readable:
        return None, ()
    try:
        return await deps.propose(text, now), ()
    except NoProposal as reason:
        return None, (f"MODEL_UNUSED: the language model {reason}; the rules planned alone.",)
