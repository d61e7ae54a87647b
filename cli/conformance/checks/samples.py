"""Calls that cost nothing: what the checks send when any intent will do."""

from uuid import uuid4

from cli.conformance.target import Ask, Target

SCREEN, PIN, STAKE, POST = "safety.moderation", "ipfs.pin", "stake.deposit", "job.post"
# Smaller than any minimum would be refused; larger would be a pity.
_STAKE = "1"


def screen(on: Target, **meta: str) -> Ask:
    """A text that nobody has screened before: run twice, the second sees the first."""
    return on.ask(SCREEN, {"title": "Conformance", "description": f"Count {uuid4().hex}"}, **meta)


def pin(on: Target) -> Ask:
    """A small document."""
    return on.ask(PIN, {"spec": {"title": "Conformance", "nonce": uuid4().hex}})


def stake(on: Target, amount: str = _STAKE) -> Ask:
    """A deposit of one token: money, so it is sent where it is wanted and nowhere else."""
    return on.ask(STAKE, {"stake": {"amountAGIA": amount, "role": "platform"}})


def too_late(ask: Ask) -> Ask:
    """The same, harmless even where the check that it is meant for fails."""
    return ask.headed(Not_After="1")


def job(on: Target, reward: str, days: int = 1) -> Ask:
    """A job to be shown, never posted."""
    spec = {"uri": "ipfs://conformance", "specHash": "0x" + "ab" * 32}
    offer = {"rewardAGIA": reward, "deadline": days, "title": "Conformance", **spec}
    return on.ask(POST, {"job": offer})
