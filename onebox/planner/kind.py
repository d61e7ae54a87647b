"""What the sentence asks for: the first thing it tells OneBox to do, or `custom`."""

from dataclasses import dataclass

from onebox.models import IntentKind
from onebox.planner.acts import ACTS, Acts
from onebox.planner.hints import HINTS
from onebox.planner.manners import (
    FINISHED,
    IMPLIED,
    INJECTED,
    NARRATES,
    NEEDED,
    NEGATED,
    STAKED,
    STATES,
    TRANSFERS,
)
from onebox.planner.money_deeds import SETTING
from onebox.planner.normalise import Reading, Span
from onebox.planner.requests import requests
from onebox.planner.setting import IDENTIFIER

_OF_A_JOB = frozenset(
    {
        IntentKind.APPLY,
        IntentKind.SUBMIT,
        IntentKind.VALIDATE,
        IntentKind.FINALIZE,
        IntentKind.DISPUTE,
        IntentKind.CANCEL,
        IntentKind.RECLAIM,
        IntentKind.ADMIN_SET,
        IntentKind.STAKE,
        IntentKind.WITHDRAW,
    }
)


@dataclass(frozen=True)
class Signs:
    """What the text names, whatever it asks for.

    `priced` and `timed` count vague amounts and deadlines, and other currencies too.
    """

    priced: bool
    timed: bool
    job: bool
    named: bool
    uri: bool

    @property
    def work(self) -> bool:
        """True for a price and a time that belong to no job there is."""
        return self.priced and self.timed and not self.points_at_job

    @property
    def points_at_job(self) -> bool:
        """True where it names a job id, an ENS name or an address."""
        return self.job or self.named or self.uri


def kind_of(reading: Reading, signs: Signs) -> IntentKind:
    """The kind of intent: what the text tells OneBox to do, else what its objects imply."""
    if INJECTED.search(reading.plain):
        return IntentKind.CUSTOM
    asked = requests(reading.plain, work=signs.work)
    kind = _first_act(asked, reading)
    if kind in _OF_A_JOB and signs.work and not STAKED.search(asked):
        return IntentKind.POST_JOB  # `Validate 3,000 addresses, 29 AGI, 3 days` is work to hire for
    return kind or _implied(asked, signs)


def _implied(asked: str, signs: Signs) -> IntentKind:
    """`Label 800 tiles for 35 AGI in 5 days` names no act, but work, a price and a time."""
    hinted = _first(asked, HINTS)
    if hinted is not None and signs.points_at_job:
        return hinted
    if FINISHED.search(asked) or _implies_result(asked, signs):
        return IntentKind.SUBMIT
    if signs.priced and not signs.points_at_job and _implies_job(asked, timed=signs.timed):
        return IntentKind.POST_JOB
    if signs.job and signs.named and not signs.priced and "<ens>" in asked:
        return IntentKind.APPLY
    return IntentKind.CUSTOM


def _implies_result(asked: str, signs: Signs) -> bool:
    """`For job 49: https://...`: an address for a job is what it delivers."""
    return signs.uri and (signs.job or signs.named) and "<uri>" in asked and not signs.priced


def job_before_attack(reading: Reading) -> int | None:
    """Where an attack in the text of a job begins: what it says is no part of the request."""
    attack = INJECTED.search(reading.plain)
    if attack is None:
        return None
    before = requests(f"{reading.plain[: attack.start()]} ")
    posts = _first_act(before, reading) is IntentKind.POST_JOB
    return reading.spot(attack)[0] if posts else None


def act_asked(reading: Reading) -> IntentKind | None:
    """The act that a text names, whatever amounts it has; None where it names none."""
    return _first_act(requests(reading.plain), reading)


def act_of(reading: Reading, kind: IntentKind) -> Span:
    """The words that ask for a kind; the whole text where the job is only implied."""
    barred = [found.span() for found in NEGATED.finditer(reading.plain)]
    pattern = dict(ACTS).get(kind)
    for found in pattern.finditer(reading.plain) if pattern else ():
        if not any(start <= found.start() < end for start, end in barred):
            return reading.spot(found)
    return 0, len(reading.text)


def _first_act(asked: str, reading: Reading) -> IntentKind | None:
    """The earliest act; of several at one place the first in the table."""
    found = _places(asked, ACTS)
    if not found:
        return None
    place, _, kind = min(found)
    transfer = TRANSFERS.search(asked)
    if transfer is not None and transfer.start() <= place:
        return IntentKind.CUSTOM
    if kind is IntentKind.ADMIN_SET and not _names_setting(asked, reading):
        others = [entry for entry in found if entry[2] is not IntentKind.ADMIN_SET]
        return min(others)[2] if others else None
    return kind


def _places(asked: str, table: Acts) -> list[tuple[int, int, IntentKind]]:
    return [(m.start(), i, kind) for i, (kind, p) in enumerate(table) if (m := p.search(asked))]


def _first(asked: str, table: Acts) -> IntentKind | None:
    return min(_places(asked, table), default=(0, 0, None))[2]


def _names_setting(asked: str, reading: Reading) -> bool:
    return SETTING.search(asked) is not None or IDENTIFIER.search(_prose(reading)) is not None


def _prose(reading: Reading) -> str:
    """The words alone: `files.example.org` and `bob.agent.agi.eth` are no settings."""
    return "".join(
        reading.text[token.start : after]
        for token, after in zip(reading.tokens, _ends(reading), strict=True)
        if token.kind not in {"uri", "name"}
    )


def _ends(reading: Reading) -> list[int]:
    return [*(token.start for token in reading.tokens[1:]), len(reading.text)]


def _implies_job(asked: str, *, timed: bool) -> bool:
    if TRANSFERS.search(asked) or NARRATES.search(asked) or not asked.strip(" ."):
        return False
    if IMPLIED.search(asked) is not None:
        return True
    return timed and (STATES.match(asked) is None or NEEDED.search(asked) is not None)
