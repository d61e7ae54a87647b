"""Policies and what they allow, by hand: the default, narrowed by a tenant's record."""

from typing import Any

_TOOLS = [
    "safety.moderation",
    "ipfs.pin",
    "job.post",
    "job.collect",
    "validator.quorum",
    "job.finalize",
    "job.cancel",
    "job.reclaim",
    "job.apply",
    "job.submit",
    "validator.turn",
    "validator.commit",
    "validator.reveal",
    "validator.dispute",
    "stake.deposit",
    "stake.withdraw",
    "governance.set",
]
_AT = "2026-11-20T00:00:00Z"
_HASH = "0x" + "ab" * 32


def _default(daily: str, allow: list[str], deny: list[str]) -> dict[str, Any]:
    budget = {"token": "AGIALPHA", "dailyMax": daily}
    return {"allowTools": allow, "denyTools": deny, "requireValidator": True, "budget": budget}


CONFIGS: dict[str, Any] = {
    "shipped": {
        "default": _default("100.00", _TOOLS, []),
        "orgs": {
            "__default__": {
                "maxBudgetWei": None,
                "maxDurationDays": None,
                "allowedTools": ["*"],
                "updatedAt": _AT,
            },
            "acme": {
                "maxBudgetWei": None,
                "maxDurationDays": 365,
                "allowedTools": ["*"],
                "updatedAt": _AT,
            },
        },
    },
    "narrowed": {
        "default": _default("100", ["job.post", "job.apply", "stake.deposit"], ["job.apply"]),
        "orgs": {
            "__default__": {"deniedTools": ["stake.deposit"]},
            "open": {},
            "wide": {"dailyMax": "900", "allowedTools": ["any", "job.magic"]},
            "jobs": {"allowedTools": ["job.*"], "dailyMax": "60.5"},
            "none": {"allowedTools": []},
            "nulls": {"allowedTools": None, "deniedTools": None, "dailyMax": None},
            "revived": {"allowedTools": ["job.apply"]},
            "both": {"allowedTools": ["job.post"], "deniedTools": ["job.post"]},
            "caps": {"maxBudgetWei": "52500000000000000000", "maxDurationDays": 7},
            "wei": {"maxBudgetWei": 9007199254740991},
            "zero": {"dailyMax": "0", "maxBudgetWei": "0"},
            "constructor": {"maxDurationDays": 1},
        },
    },
}

_THREE, _JOBS = ["job.post", "job.apply", "stake.deposit"], ["job.post", "job.apply"]


def _holds(  # noqa: PLR0913, PLR0917  one row of the table below
    tenant: str,
    allow: list[str],
    deny: list[str],
    daily: str = "100.00",
    budget: str | None = None,
    days: int | None = None,
    config: str = "narrowed",
) -> dict[str, Any]:
    return {
        "config": config,
        "tenant": tenant,
        "allowTools": allow,
        "denyTools": deny,
        "dailyMax": daily,
        "maxBudget": budget,
        "maxDurationDays": days,
    }


# What holds for a tenant; amounts as they are shown.
EFFECTIVE = [
    _holds("acme", _TOOLS, [], days=365, config="shipped"),
    _holds("stranger", _TOOLS, [], config="shipped"),
    _holds("stranger", _THREE, ["job.apply", "stake.deposit"]),
    _holds("__default__", _THREE, ["job.apply", "stake.deposit"]),
    _holds("toString", _THREE, ["job.apply", "stake.deposit"]),
    _holds("open", _THREE, ["job.apply"]),
    _holds("wide", _THREE, ["job.apply"]),
    _holds("jobs", _JOBS, ["job.apply"], "60.50"),
    _holds("none", [], ["job.apply"]),
    _holds("nulls", _THREE, ["job.apply"]),
    _holds("revived", ["job.apply"], ["job.apply"]),
    _holds("both", ["job.post"], ["job.apply", "job.post"]),
    _holds("caps", _THREE, ["job.apply"], budget="52.50", days=7),
    _holds("wei", _THREE, ["job.apply"], budget="0.009007199254740991"),
    _holds("zero", _THREE, ["job.apply"], "0.00", "0.00"),
    _holds("constructor", _THREE, ["job.apply"], days=1),
]


def _job(tenant: str, reward: str, days: int, code: str | None) -> dict[str, Any]:
    job = {"rewardAGIA": reward, "deadline": days, "title": "x", "uri": "ipfs://x"}
    return _case(tenant, "job.post", {"job": {**job, "specHash": _HASH}}, code)


def _stake(tenant: str, amount: str, code: str | None) -> dict[str, Any]:
    params = {"stake": {"amountAGIA": amount, "role": "agent"}}
    return _case(tenant, "stake.deposit", params, code)


def _case(tenant: str, tool: str, params: dict[str, Any], code: str | None) -> dict[str, Any]:
    asked = {"config": "narrowed", "tenant": tenant, "feePct": 5}
    return {**asked, "tool": tool, "params": params, "code": code}


_DENIED, _OVER = "TOOL_NOT_ALLOWED", "OVER_BUDGET"
_COSTLY, _LONG = "JOB_BUDGET_CAP_EXCEEDED", "JOB_DEADLINE_CAP_EXCEEDED"

# One call by itself, and the code by which it is refused; the fee is 5 %.
DECISIONS = [
    _stake("open", "100", None),
    _stake("open", "100.000000000000000001", _OVER),
    _stake("wide", "100.01", _OVER),
    _stake("stranger", "1", _DENIED),
    _stake("toString", "1", _DENIED),
    _stake("jobs", "1", _DENIED),
    _stake("none", "1", _DENIED),
    _stake("nulls", "1", None),
    _stake("caps", "99", None),
    _case("open", "job.apply", {"jobId": "1", "ens": {"subdomain": "alice"}}, _DENIED),
    _case("revived", "job.apply", {"jobId": "1", "ens": {"subdomain": "alice"}}, _DENIED),
    _case("wide", "governance.set", {"key": "feePct", "value": 6}, _DENIED),
    _job("both", "1", 1, _DENIED),
    _job("open", "95", 3650, None),
    _job("open", "95.24", 1, _OVER),
    _job("open", "95.238095238095238096", 1, None),
    _job("open", "95.238095238095238097", 1, _OVER),
    _job("jobs", "57.61", 1, None),
    _job("jobs", "57.62", 1, _OVER),
    _job("caps", "50", 7, None),
    _job("caps", "50", 8, _LONG),
    _job("caps", "50.000000000000000001", 7, _COSTLY),
    _job("wei", "0.008578285004515230", 1, None),
    _job("wei", "0.008578285004515231", 1, _COSTLY),
    _job("constructor", "1", 2, _LONG),
]
