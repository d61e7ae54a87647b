"""Which chain we are on, and where its contracts are: the deployment file that ICS writes."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from onebox.config_file import read_json, wrong
from onebox.models import ChainIdentity

Hash = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]
Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$")]


class _File(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Block(_File):
    """A block by number and hash."""

    number: Annotated[int, Field(ge=0)]
    hash: Hash


class Addresses(_File):
    """Checksummed addresses of the contracts."""

    token: Address
    job_registry: Address
    stake_manager: Address
    validation_module: Address
    fee_pool: Address
    identity_registry: Address
    dispute_module: Address
    system_pause: Address | None = None
    forwarder: Address | None = None
    entry_point: Address | None = None
    account_factory: Address | None = None


class Deployment(_File):
    """One deployment; genesis and deployment block tell chains of one id apart."""

    chain_id: Annotated[int, Field(ge=1)]
    genesis_hash: Hash
    deployment_block: Block
    addresses: Addresses

    @property
    def identity(self) -> ChainIdentity:
        """What a plan remembers of the chain."""
        return ChainIdentity(
            chain_id=self.chain_id,
            registry=self.addresses.job_registry,
            token=self.addresses.token,
        )


def load_deployment(path: Path) -> Deployment:
    """The deployment of a file.

    Raises:
        ConfigInvalid: when it is missing or not a deployment.
    """
    try:
        return Deployment.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise wrong(path, pointer, first["msg"]) from error
