"""The rules of a tenant: the default policy, narrowed by the organisation's record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from onebox.config_file import read_json, wrong
from onebox.digest import digest
from onebox.errors import AmountInvalid
from onebox.models import Json, Policies
from onebox.money import format_amount, parse_amount
from onebox.policy_file import Default, Record, read_default, read_record

DEFAULT_FILE, ORGS_FILE, FEES_FILE = "policies.default.json", "org-policies.json", "fees.json"
ANY_TENANT = "__default__"
MAX_PCT = 100


@dataclass(frozen=True)
class Fees:
    """Whole percents: protocol fee and validators' part of the reward, burn of fee and of pay.

    `dispute_fee` is what raising a dispute costs, in base units.
    """

    fee_pct: int
    validator_pct: int
    fee_pool_burn_pct: int
    burn_pct: int
    dispute_fee: int

    def as_json(self) -> Json:
        """The object that both languages hash into the fees digest."""
        return {
            "feePct": self.fee_pct,
            "validatorPct": self.validator_pct,
            "feePoolBurnPct": self.fee_pool_burn_pct,
            "burnPct": self.burn_pct,
            "disputeFee": format_amount(self.dispute_fee),
        }


@dataclass(frozen=True)
class Rules:
    """What holds for one tenant; amounts in base units of AGIALPHA, None where unlimited."""

    tenant: str
    allow_tools: tuple[str, ...]
    deny_tools: tuple[str, ...]
    require_validator: bool
    token: str
    daily_max: int
    max_budget: int | None
    max_duration_days: int | None
    fees: Fees
    digest: str

    def allows(self, tool: str) -> bool:
        """True when the tool is allowed and not denied."""
        return tool in self.allow_tools and tool not in self.deny_tools

    def policies(self) -> Policies:
        """The `policies` that a plan of this tenant carries."""
        return Policies(
            allow_tools=list(self.allow_tools),
            deny_tools=list(self.deny_tools),
            require_validator=self.require_validator,
            tenant_id=self.tenant,
        )

    def policy_json(self) -> Json:
        """The effective policy without its tenant; caps are decimal AGIALPHA."""
        return {
            "allowTools": list(self.allow_tools),
            "denyTools": list(self.deny_tools),
            "requireValidator": self.require_validator,
            "dailyMax": format_amount(self.daily_max),
            "maxBudget": None if self.max_budget is None else format_amount(self.max_budget),
            "maxDurationDays": self.max_duration_days,
        }

    def as_json(self) -> Json:
        """All that the tenant's digest is over, and the digest."""
        return {
            **self.policy_json(),
            "tenantId": self.tenant,
            "token": self.token,
            "fees": self.fees.as_json(),
            "digest": self.digest,
        }


@dataclass(frozen=True)
class RuleBook:
    """Everything that `config/` says about rules, read once at start."""

    default: Default
    records: Mapping[str, Record]
    fees: Fees
    policy_digest: str
    fees_digest: str
    _made: dict[str, Rules] = field(default_factory=dict, compare=False, repr=False)

    def for_tenant(self, tenant: str) -> Rules:
        """The effective rules; an unknown tenant has the record `__default__`."""
        if tenant not in self._made:
            self._made[tenant] = self._make(tenant)
        return self._made[tenant]

    def shown(self) -> Json:
        """The effective policy of each tenant with a record, and of any other `__default__`.

        The same members as in `policy.tenants` of ICS's `GET /contract`.
        """
        tenants = {ANY_TENANT, *self.records}
        return {tenant: self.for_tenant(tenant).policy_json() for tenant in sorted(tenants)}

    def _make(self, tenant: str) -> Rules:
        default = self.default
        record = self.records.get(tenant) or self.records.get(ANY_TENANT) or Record()
        rules = Rules(
            tenant=tenant,
            allow_tools=tuple(tool for tool in default.allow_tools if record.allows(tool)),
            deny_tools=tuple(sorted({*default.deny_tools, *record.denied_tools})),
            require_validator=default.require_validator,
            token=default.token,
            daily_max=_least(default.daily_max, record.daily_max),
            max_budget=record.max_budget,
            max_duration_days=record.max_duration_days,
            fees=self.fees,
            digest="",
        )
        facts = {name: value for name, value in rules.as_json().items() if name != "digest"}
        return replace(rules, digest=digest(facts))


def load_rulebook(config_dir: Path, fee_pct: int | None, burn_pct: int | None) -> RuleBook:
    """The rules of a config folder.

    Args:
        config_dir: holds policies.default.json, org-policies.json and fees.json.
        fee_pct: override of feePct (ONEBOX_FEE_PCT), whole percent 0..100.
        burn_pct: override of burnPct (ONEBOX_BURN_PCT), whole percent 0..100.

    Raises:
        ConfigInvalid: naming file and JSON pointer, or the override that is junk.
    """
    default_path, orgs_path = config_dir / DEFAULT_FILE, config_dir / ORGS_FILE
    default, orgs = read_json(default_path), read_json(orgs_path)
    if not isinstance(orgs, dict):
        raise wrong(orgs_path, "", "must be an object of tenants")
    fees = _fees(config_dir / FEES_FILE, {"feePct": fee_pct, "burnPct": burn_pct})
    return RuleBook(
        default=read_default(default, default_path),
        records={name: read_record(name, body, orgs_path) for name, body in orgs.items()},
        fees=fees,
        policy_digest=digest({"default": default, "orgs": orgs}),
        fees_digest=digest(fees.as_json()),
    )


def _fees(path: Path, overrides: Mapping[str, int | None]) -> Fees:
    body = read_json(path)
    if not isinstance(body, dict):
        raise wrong(path, "", "must be an object of fees")
    names = ("feePct", "validatorPct", "feePoolBurnPct", "burnPct")
    unknown = next((name for name in body if name not in {*names, "disputeFee"}), None)
    if unknown is not None:
        raise wrong(path, f"/{unknown}", "is not a name that we know")
    asked = {name: value for name, value in overrides.items() if value is not None}
    read = _percent_reader(path, {**body, **asked})
    fee, validator, fee_pool_burn, burn = (read(name) for name in names)
    price = _price(path, body.get("disputeFee"))
    fees = Fees(fee, validator, fee_pool_burn, burn, price)
    if fees.fee_pct + fees.validator_pct > MAX_PCT:
        raise wrong(path, "/validatorPct", "and feePct are above 100 together")
    return fees


def _percent_reader(path: Path, body: Json) -> Callable[[str], int]:
    def read(name: str) -> int:
        value: Any = body.get(name)
        if type(value) is not int or not 0 <= value <= MAX_PCT:
            raise wrong(path, f"/{name}", "must be a whole percent from 0 to 100")
        return value

    return read


def _price(path: Path, value: Any) -> int:
    try:
        return parse_amount(value if isinstance(value, str) else "")
    except AmountInvalid as error:
        raise wrong(path, "/disputeFee", "must be decimal text such as 1.00") from error


def _least(default: int, narrower: int | None) -> int:
    return default if narrower is None else min(default, narrower)
