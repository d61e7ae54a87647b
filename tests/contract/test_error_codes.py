"""A refusal of the contracts has its row in the catalogue: read from the Solidity itself."""

import re
from pathlib import Path

import pytest

from onebox.errors import catalogue

_ERRORS = Path(__file__).parents[2] / "ics" / "contracts" / "Errors.sol"
_NAMES = re.findall(r"^ *error (\w+)\(", _ERRORS.read_text(encoding="utf-8"), re.MULTILINE)
# Domain.md 3.3: a group of errors that one code stands for.
_GROUPS = {
    "InvalidDeadline": "DEADLINE_INVALID",
    "DurationTooLong": "DEADLINE_INVALID",
    "NotAuthorizedAgent": "ENS_MISMATCH",
    "UnauthorizedValidator": "ENS_MISMATCH",
    "EmptySubdomain": "ENS_MISMATCH",
    "IdentityRegistryNotSet": "ENS_MISMATCH",
}


@pytest.mark.parametrize("name", _NAMES)
def test_every_custom_error_has_its_row(name: str) -> None:
    """GET /onebox/errors explains whatever a v2 contract can answer."""
    code = _GROUPS.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
    assert code in {entry.code for entry in catalogue()}


def test_the_list_is_read() -> None:
    """The Solidity file still has the form that this test reads."""
    assert {"NoStake", "MaxActiveJobsReached", "TaxPolicyNotAcknowledged"} <= set(_NAMES)
