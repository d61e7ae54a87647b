"""Reading the data files of `config/`: what is wrong is named by file and JSON pointer."""

from pathlib import Path
from typing import Any

from onebox.errors import BodyInvalid, ConfigInvalid
from onebox.strictjson import loads_strict

_MAX_NODES = 1_000_000  # our own files may be larger than a caller's body


def read_json(path: Path) -> Any:
    """The strict JSON of a file.

    Raises:
        ConfigInvalid: when it is missing, unreadable or not strict JSON.
    """
    try:
        return loads_strict(path.read_bytes(), max_nodes=_MAX_NODES)
    except OSError as error:
        raise wrong(path, "", f"cannot be read: {error.strerror}") from error
    except BodyInvalid as error:
        raise wrong(path, "", error.message) from error


def wrong(path: Path, pointer: str, message: str) -> ConfigInvalid:
    """A ConfigInvalid that says where: `org-policies.json#/acme/dailyMax must be ...`."""
    return ConfigInvalid(f"{path}#{pointer} {message}", file=str(path), pointer=pointer)
