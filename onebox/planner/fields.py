"""Typed answers: what a field takes, checked as strictly as the contract with ICS."""

import re
from collections.abc import Callable
from typing import Any

from onebox.errors import AmountInvalid, DeadlineInvalid, InvalidReward
from onebox.money import format_amount, parse_amount
from onebox.planner.words import ROLES

_LABEL = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.(?:agent|club)\.agi\.eth)?")
_JOB_ID = re.compile(r"0*([1-9][0-9]{0,77})")
_MOST_DAYS = 10_000_000
_MAX_TEXT = 2_000
_MAX_TITLE = 80


class Unfit(ValueError):  # noqa: N818  the answer is unfit; nothing went wrong
    """An answer that its field does not take; the message says what it takes."""


def fit(name: str, answer: Any) -> Any:
    """The value of a field as the planner keeps it.

    Raises:
        Unfit: the answer has another type or form.
        InvalidReward: a reward is zero or negative.
        DeadlineInvalid: a deadline is zero or negative.
    """
    return _FITS[name](answer)


def _amount(answer: Any) -> str:
    text = str(answer) if type(answer) is int else answer
    if not isinstance(text, str):
        raise Unfit('Must be an amount as decimal text, for example "80" or "12.50".')
    try:
        return format_amount(parse_amount(text))
    except AmountInvalid as error:
        raise Unfit('Must be an amount above zero as decimal text, for example "80".') from error


def _reward(answer: Any) -> str:
    if re.fullmatch(r"-[0-9.]{1,40}|0(?:\.0{1,18})?", str(answer)):
        raise InvalidReward(f"The reward {answer} AGIALPHA is not above zero.")
    return _amount(answer)


def _days(answer: Any) -> int:
    if type(answer) is not int or answer > _MOST_DAYS:
        raise Unfit("Must be whole days, for example 14.")
    if answer <= 0:
        raise DeadlineInvalid(f"The deadline is {answer} day(s) from today: not in the future.")
    return answer


def _job_id(answer: Any) -> str:
    found = _JOB_ID.fullmatch(str(answer)) if type(answer) in {int, str} else None
    if found is None:
        raise Unfit('Must be the number of a job, for example "42".')
    return found[1]


def _label(answer: Any) -> str:
    found = _LABEL.fullmatch(answer.lower()) if isinstance(answer, str) else None
    if found is None:
        raise Unfit('Must be an ENS label such as "alice" or "alice.agent.agi.eth".')
    return found[1]


def _flag(answer: Any) -> bool:
    if not isinstance(answer, bool):
        raise Unfit("Must be true or false.")
    return answer


def _role(answer: Any) -> str:
    if not isinstance(answer, str) or answer not in ROLES.values():
        raise Unfit("Must be agent, validator or platform.")
    return str(answer)


def _text(most: int) -> Callable[[Any], str]:
    def fitted(answer: Any) -> str:
        if not isinstance(answer, str) or not answer.strip() or len(answer) > most:
            raise Unfit(f"Must be text of 1 to {most} characters.")
        return answer.strip()

    return fitted


def _result(answer: Any) -> dict[str, Any]:
    result = {"uri": answer} if isinstance(answer, str) and "://" in answer else answer
    known = isinstance(result, dict) and len(result) > 0 and set(result) <= _RESULT
    if not known or not {"uri", "payload"} & set(result):
        raise Unfit('Must be a URI, {"uri": ..., "hash": ...} or {"payload": {...}}.')
    return dict(result)


_RESULT = {"uri", "hash", "payload"}
_FITS: dict[str, Callable[[Any], Any]] = {
    "title": _text(_MAX_TITLE),
    "description": _text(_MAX_TEXT),
    "reward_agialpha": _reward,
    "deadline_days": _days,
    "job_id": _job_id,
    "ens_subdomain": _label,
    "result": _result,
    "success": _flag,
    "approve": _flag,
    "reason": _text(_MAX_TEXT),
    "amount_agialpha": _amount,
    "role": _role,
    "key": _text(_MAX_TITLE),
    "value": _text(_MAX_TEXT),
}
