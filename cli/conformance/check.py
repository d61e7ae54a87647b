"""What a check is, and the two ways in which it does not pass."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cli.conformance.target import Heard, Target


class Broken(Exception):  # noqa: N818 - it says what is the case
    """The endpoint does not keep a promise of docs/contract.md; the message says how."""


class NotChecked(Exception):  # noqa: N818 - it says what is the case
    """This endpoint gives no occasion to try it; the message says why."""


@dataclass(frozen=True)
class Check:
    """One promise and how it is tried.

    `tried` returns what was seen and raises Broken or NotChecked; `money` marks a check that
    moves tokens when all is well.
    """

    name: str
    claim: str
    tried: Callable[[Target], Awaitable[str]]
    money: bool = False


def must(good: bool, otherwise: str) -> None:
    """Go on only if it holds.

    Raises:
        Broken: with this sentence.
    """
    if not good:
        raise Broken(otherwise)


def refused(heard: Heard, http: int, code: str, when: str) -> None:
    """The request was not taken in, with this status and code.

    Raises:
        Broken: it was, or for another reason.
    """
    must((heard.http, heard.code) == (http, code), f"{when}: wanted {http} {code}, got {heard}")


def same(found: object, wanted: object, what: str) -> None:
    """Two values are equal.

    Raises:
        Broken: naming both.
    """
    must(found == wanted, f"{what}: wanted {wanted!r}, got {found!r}")
