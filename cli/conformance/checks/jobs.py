"""A job as the chain has it."""

from typing import Any

from cli.conformance.check import NotChecked, must, refused, same
from cli.conformance.target import Target
from onebox.errors import AmountInvalid
from onebox.money import parse_amount

_TEXT = ("jobId", "state", "employer", "agent", "reward", "fee", "escrow", "specHash", "uri")
_OTHER = ("success", "deadline", "resultHash", "resultURI")
_ODD = ("0", "-1", "0x1", "1e3", "9" * 78)


async def unknown(on: Target) -> str:
    """A number that no job has, and what is no number at all."""
    for number in ("9" * 30, *_ODD):
        refused(await on.get(f"/jobs/{number}"), 404, "JOB_NOT_FOUND", f"job {number}")
    return "404 JOB_NOT_FOUND"


async def facts(on: Target) -> str:
    """The first job has every fact; its escrow is reward and fee."""
    heard = await on.get("/jobs/1")
    if heard.code == "JOB_NOT_FOUND":
        raise NotChecked("there is no job yet")
    job: Any = heard.json() or {}
    must(isinstance(job, dict), f"no object: {heard}")
    missing = [name for name in (*_TEXT, *_OTHER) if name not in job]
    must(not missing, f"job 1 without {', '.join(missing)}")
    wrong = [name for name in _TEXT if not isinstance(job[name], str)]
    must(not wrong, f"not text: {', '.join(wrong)}")
    same(_units(job["escrow"]), _units(job["reward"]) + _units(job["fee"]), "the escrow of job 1")
    return f"job 1 is {job['state']}"


def _units(text: str) -> int:
    try:
        return parse_amount(text)
    except AmountInvalid:
        must(text in {"0", "0.00"}, f"no amount: {text!r}")
        return 0
