"""`python -m tests.data.vectors [--check]`: write the vectors that pytest and vitest both read.

Independent of what they test: nothing of OneBox or ICS is imported. Canonical texts, verdicts
and instants are written out by hand after RFC 8785, DETAILS.md and domain.md 3.5; amounts are
computed with `decimal`, digests with `hashlib`.
"""

import hashlib
import json
import sys
from decimal import ROUND_FLOOR, Context, Decimal
from pathlib import Path
from typing import Any

from tests.data.texts import BAD_AMOUNTS, BAD_VALUES, CANONICAL, MONEY_FIELDS, NOT_CANONICAL
from tests.data.verdicts import CONFIGS, DECISIONS, EFFECTIVE

FOLDER = Path(__file__).parent
_EXACT = Context(prec=200)
_UNIT = Decimal(10) ** 18

_READ = [
    "0",
    "0.0",
    "1",
    "10",
    "50",
    "52.5",
    "1.005",
    "0.1",
    "0.000000000000000001",
    "1.000000000000000000",
    "1.10",
    "100.00",
    "0.123456789012345678",
    "999999999999999999999999999999.999999999999999999",
    "123456789012345678901234567890",
]
_SHOWN = {
    "0": "0.00",
    "1": "0.000000000000000001",
    "10000000000000000": "0.01",
    "1000000000000000": "0.001",
    "1000000000000000000": "1.00",
    "1005000000000000000": "1.005",
    "52500000000000000000": "52.50",
    "-1": "-0.000000000000000001",
    "-1500000000000000000": "-1.50",
    "999999999999999999999999999999999999999999999999": "9" * 30 + "." + "9" * 18,
}
# Reward and whole percent.
_FEES = [
    *(("50", 5), ("50", 0), ("50", 100), ("1.005", 5), ("0.000000000000000001", 5)),
    *(("0.000000000000000019", 5), ("0.00000000000000002", 5), ("0.000000000000000039", 5)),
    *(("33.333333333333333333", 7), ("99.99", 1), ("0.000000000000000199", 99)),
    ("999999999999999999999999999999.999999999999999999", 8),
]
# Latest block time, whole days, the chain's longest duration in seconds, the instant.
_DEADLINES = [
    (1_800_000_000, 1, 604_800, 1_800_086_400),
    (1_800_000_000, 6, 604_800, 1_800_518_400),
    (1_800_000_000, 7, 604_800, 1_800_604_740),
    (1_800_000_000, 8, 604_800, 1_800_691_200),
    (1_800_000_000, 1, 86_400, 1_800_086_340),
    (1_800_000_000, 1, 86_401, 1_800_086_400),
    (0, 3650, 31_536_000, 315_360_000),
    (1_709_164_799, 1, 604_800, 1_709_251_199),
]
_SHIPPED = {
    "fees.json": {
        "feePct": 5,
        "validatorPct": 8,
        "feePoolBurnPct": 1,
        "burnPct": 0,
        "disputeFee": "1.00",
    },
    "policies.default.json": CONFIGS["shipped"]["default"],
    "org-policies.json": CONFIGS["shipped"]["orgs"],
}


def files() -> dict[str, Any]:
    """The content of each vector file by its name."""
    return {
        "canonical.json": {
            "accepted": [
                {"name": name, "json": given, "canonical": text, "sha256": _sha256(text)}
                for name, given, text in CANONICAL
            ],
            "refused": [{"name": name, "json": given} for name, given in NOT_CANONICAL],
        },
        "amounts.json": {
            "read": [{"text": text, "units": _units(text)} for text in _READ],
            "refused": BAD_AMOUNTS,
            "refused_values": BAD_VALUES,
            "fields": [
                {"tool": tool, "params": params, "at": at} for tool, params, at in MONEY_FIELDS
            ],
            "shown": [{"units": units, "text": text} for units, text in _SHOWN.items()],
            "fees": [_fee(reward, pct) for reward, pct in _FEES],
        },
        "policies.json": {
            "configs": CONFIGS,
            "effective": EFFECTIVE,
            "decisions": DECISIONS,
        },
        "deadlines.json": [
            {"head": head, "days": days, "longest": longest, "deadlineAt": at}
            for head, days, longest, at in _DEADLINES
        ],
        "shipped.json": {
            "files": _SHIPPED,
            "fees_sha256": _sha256(_plain(_SHIPPED["fees.json"])),
            "policy_sha256": _sha256(_plain(CONFIGS["shipped"])),
        },
    }


def text_of(content: Any) -> str:
    """A file's whole text."""
    return json.dumps(content, indent=1) + "\n"


def _units(text: str) -> str:
    return f"{_EXACT.multiply(Decimal(text), _UNIT):f}".partition(".")[0]


def _fee(reward: str, pct: int) -> dict[str, Any]:
    units = Decimal(_units(reward))
    fee = _EXACT.divide(_EXACT.multiply(units, Decimal(pct)), Decimal(100))
    whole = fee.to_integral_value(ROUND_FLOOR, _EXACT)
    escrow = _EXACT.add(units, whole)
    return {"reward": f"{units:f}", "pct": pct, "fee": f"{whole:f}", "escrow": f"{escrow:f}"}


def _plain(value: Any) -> str:
    """RFC 8785 of what has ASCII names and no fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    """Write the files, or say which of them is not what would be written."""
    stale = []
    for name, content in files().items():
        path = FOLDER / name
        if "--check" not in sys.argv:
            path.write_text(text_of(content), encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text_of(content):
            stale.append(name)
    print("\n".join(f"tests/data/{name} is not what the script writes" for name in stale))  # noqa: T201  the answer
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
