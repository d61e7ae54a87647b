"""Which amount of AGIALPHA the sentence asks to move, or none: money is never invented."""

from collections.abc import Sequence

from onebox.planner.mentions import Amount, corrected_mentions, in_range, is_correction, is_foreign
from onebox.planner.negations import allowed
from onebox.planner.normalise import Reading
from onebox.planner.numbers import Number, number_after
from onebox.planner.words import CORRECTION, UNIT_HOURS, bag

CURRENCY = frozenset(prefix + name for prefix in ("", "$") for name in ("agi", "agia", "agialpha"))
_KEYS = bag(
    """
    reward rewards pay pays paying payment payout bounty budget offer offers offering price prize
    salary compensation worth rewardagia reward_agia reward_agialpha rewardagialpha recompense
    paie payer paye remuneration recompensa pago paga pagamos amount amountagia stake staking lock
    unstake withdraw deposit staker bond montant cantidad
    """
)
_LINKS = bag("* : = ( ) , - of is at a an the for will be are up another me out to de es est and")
_VAGUE = bag(
    "about around roughly approximately circa least most than under over minimum maximum max min "
    "environ alrededor unos ~ < > nearly almost except besides keep leave leaving excluding minus "
    "less twice double half per save but"
)
_RATES = bag("per each apiece / a an every hourly daily weekly por par chaque cada")
# `up to 30`, `all but 30`, `raise my stake to 30`: a bound, or a new total.
_BOUNDS = {("to", "up"), ("but", "all"), ("x", "by"), ("to", "stake"), ("to", "bond")}
_KEYED_BEHIND = bag("reward bounty payment payout total")
_PARTS = bag("half third quarter % percent part some")
_SAID_AGAIN = CORRECTION | bag(", : - . ( it that to be is at no make say")
_TIMES = bag("x times *")
_MOVES = bag("make say stake unstake withdraw release lock unlock deposit bond return")
_PAUSES = frozenset({"", "\n", '"', "'"}) | bag(", : - ( . ; for of")
_PIECES = bag(
    "piece page image word item file person head line pieza pagina palabra imagen mot fichier"
)
_OURS = bag(
    "the last this that these those our my your his her their its previous year's s le la les "
    "el los las ce cette mon ma mi"
)
_STOPS = frozenset({"", "\n"}) | bag(
    ", . ; : ! ? ( ) - for in by as to on from with within and or before until at of per when "
    "deadline due if because so all is pour en dans par a como para de y et avec con antes"
)


def amounts_of(reading: Reading, numbers: Sequence[Number]) -> list[Amount]:
    """The amounts that may be meant, corrections applied, in the order of the text."""
    found = [_amount(reading, numbers, i) for i in range(len(numbers))]
    spelled = allowed(reading, [amount for amount in found if amount is not None])
    return corrected_mentions(reading, [*_followed(reading, numbers, spelled)])


def has_currency(reading: Reading, number: Number) -> bool:
    """True for `50 AGI`, `50-AGI` and `$AGIALPHA 50`."""
    return _unit_after(reading, number) or _unit_before(reading, number)


def _unit_after(reading: Reading, number: Number) -> bool:
    after = reading.fold(number.last + 1)
    if after == "-":
        after = reading.fold(number.last + 2)
    return after in CURRENCY


def _unit_before(reading: Reading, number: Number) -> bool:
    """`AGI 50` only where AGI is no word of the task: at a pause or behind a word of money."""
    if reading.fold(number.first - 1) not in CURRENCY or reading.fold(number.last + 1) in CURRENCY:
        return False
    before = reading.fold(number.first - 2)
    number_before = _is_number(reading, number.first - 2)
    pause = before in _PAUSES or before in _KEYS
    ends = reading.fold(number.last + 1) in _STOPS or _is_number(reading, number.last + 1)
    dollar = reading.fold(number.first - 1).startswith("$")
    counts = reading.fold(number.last + 1) in UNIT_HOURS
    return not number_before and ((ends and pause) or (dollar and not counts))


def _is_number(reading: Reading, index: int) -> bool:
    return 0 <= index < len(reading.tokens) and reading.tokens[index].kind == "number"


def _amount(reading: Reading, numbers: Sequence[Number], place: int) -> Amount | None:
    number = numbers[place]
    if number.quoted or is_foreign(reading, number):
        return None
    unclear = in_range(reading, numbers, place, CURRENCY) or _vague(reading, number)
    if number.value is None or unclear:
        value = None
    else:
        value = -number.value if number.negative else number.value
    rank = _rank(reading, number) if value is not None or has_currency(reading, number) else 0
    return Amount(value, number.first, number.last, rank) if rank else None


def _rank(reading: Reading, number: Number) -> int:
    """0 is no amount, 1 an amount in passing, 2 a plain one, 3 one behind a word of money."""
    key = _key_before(reading, number.first)
    if not has_currency(reading, number):
        return 2 if key and _bare_end(reading, number) else 0
    if _described(reading, number):
        return 0
    return 3 if key or reading.fold(number.last + 2) in _KEYED_BEHIND else 2


def _key_before(reading: Reading, index: int) -> bool:
    for back in range(1, 6):
        word = reading.fold(index - back)
        if word in _KEYS:
            return True
        unit = word in CURRENCY or (word == "in" and reading.fold(index - back + 1) in CURRENCY)
        if word not in _LINKS and not unit:
            return False
    return False


def _bare_end(reading: Reading, number: Number) -> bool:
    """`reward 50, 7 days` is an amount; `pay 5 people` and `reward 5 days` are not."""
    after = reading.fold(number.last + 1)
    if after == "%" or reading.fold(number.first - 1) in {"#", ","} or after in UNIT_HOURS:
        return False
    return after in _STOPS


def _described(reading: Reading, number: Number) -> bool:
    """`last year's 5,000 AGI grant`, `the 300 AGI reward`: known money, not money asked for."""
    before = reading.fold(number.first - 1)
    if before not in _OURS or reading.fold(number.first - 2) in _MOVES:
        return False
    after = reading.fold(number.last + 2)
    return after not in {"job", "task", "gig", "mission"} or before not in {"the", "this"}


def _vague(reading: Reading, number: Number) -> bool:
    """A bound, an estimate, a rate or a part of something is no amount."""
    before = (reading.fold(number.first - 1), reading.fold(number.first - 2))
    if before[0] in CURRENCY:
        before = (before[1], reading.fold(number.first - 3))
    if before[0] == "but" and number.first > 2 and reading.fold(number.first - 3) == "not":  # noqa: PLR2004
        return False  # `not 70 but 65 AGI`
    if (
        number.negative
        and before[0] == "minus"
        and before[1] not in CURRENCY | {"everything", "all"}
    ):
        return False
    if before[0] in _VAGUE or before in _BOUNDS:
        return True
    if before[0] == "of" and before[1] in _PARTS:
        return True
    after = number.last + (2 if _unit_after(reading, number) else 1)
    word, then = reading.fold(after), reading.fold(after + 1)
    multiplied = word in _TIMES or before[0] in {"x", "times"}
    multiplied = multiplied or (before[0] == "*" and _is_number(reading, number.first - 2))
    rate = word in _RATES and then not in {"agent", "validator"}
    if word == "/":
        rate = then in UNIT_HOURS or then in _PIECES
    if word in {"a", "an", "por", "par"}:
        rate = then in UNIT_HOURS or then in _PIECES
    halved = [reading.fold(number.last + 1 + i) for i in range(3)] == ["and", "a", "half"]
    return multiplied or halved or (rate and word != "") or word in {"+", "plus"}


def _followed(
    reading: Reading, numbers: Sequence[Number], amounts: Sequence[Amount]
) -> list[Amount]:
    """Adds the bare number of a correction: `40 AGI, no wait, 45`."""
    known = {a.first for a in amounts}
    added = list(amounts)
    for amount in amounts:
        after = number_after(numbers, amount.last)
        if after is None or after.first in known or after.value is None:
            continue
        ends = reading.fold(after.last + 1) in _STOPS | {"instead"}
        ends = ends and reading.fold(after.first - 1) in _SAID_AGAIN
        plain = ends and after.first - amount.last <= 12  # noqa: PLR2004
        if plain and is_correction(reading, amount.last + 1, after.first):
            added.append(Amount(after.value, after.first, after.last, amount.rank))
    return sorted(added, key=lambda a: a.first)
