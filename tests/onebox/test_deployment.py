import json
from pathlib import Path

import pytest

from onebox.deployment import load_deployment
from onebox.errors import ConfigInvalid
from tests.onebox.test_handshake import ADDRESS, deployment


def test_a_deployment_gives_the_chain_identity(tmp_path: Path) -> None:
    """A plan remembers chain id, registry and token."""
    path = tmp_path / "deployment.json"
    body = deployment().model_dump(mode="json", by_alias=True, exclude_none=True)
    path.write_text(json.dumps(body), encoding="utf-8")
    identity = load_deployment(path).identity
    assert (identity.chain_id, identity.registry, identity.token) == (31337, ADDRESS, ADDRESS)


def test_a_broken_deployment_names_the_place(tmp_path: Path) -> None:
    """The start is refused with file and pointer."""
    path = tmp_path / "deployment.json"
    path.write_text('{"chainId": 0}', encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"deployment.json#/chainId"):
        load_deployment(path)
