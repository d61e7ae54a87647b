"""Names made of content: SHA-256 over canonical JSON (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785

from onebox.errors import BodyInvalid
from onebox.models import Json, OrchestrationPlan


def canonical(value: Any) -> bytes:
    """The one byte string of a JSON value (RFC 8785).

    Raises:
        BodyInvalid: for what canonical JSON cannot hold (NaN, ints beyond 2^53 - 1, lone
            surrogates, depth beyond Python's stack).
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise BodyInvalid(f"The value has no canonical JSON form: {error}.") from error


def sha256_hex(data: bytes) -> str:
    """64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """The name of a JSON value: SHA-256 of its canonical form."""
    return sha256_hex(canonical(value))


def plan_digest(plan: OrchestrationPlan) -> str:
    """The plan_id that the plan must have: over everything but plan_id, nulls included."""
    body = plan.model_dump(mode="json", by_alias=True, exclude={"plan_id"})
    return digest(body)


def step_digest(  # noqa: PLR0913  six facts are what a sent step consists of
    *, plan_id: str, step_id: str, gen: int, intent: str, params: Json, meta: Json
) -> str:
    """What exactly is sent for one generation of a step; ICS recomputes it.

    Args:
        plan_id: 64 hex digits.
        step_id: as in the plan.
        gen: generation of the step, from 0.
        intent: name of the ICS intent.
        params: resolved, as sent.
        meta: as sent (an absent txMode stays absent).
    """
    return digest(
        {
            "plan_id": plan_id,
            "step_id": step_id,
            "gen": gen,
            "intent": intent,
            "params": params,
            "meta": meta,
        }
    )


def run_id_of(plan_id: str) -> str:
    """The id of a plan's one run."""
    return "run_" + sha256_hex(f"onebox.run:{plan_id}".encode())[:32]


def key_of(root_run_id: str, step_id: str, gen: int) -> str:
    """The idempotency key of one generation of a step, the same over child runs."""
    return f"{root_run_id}:{step_id}:{gen}"
