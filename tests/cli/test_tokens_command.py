"""`onebox tokens`: make, list, revoke."""

import pytest
from typer.testing import CliRunner, Result

from cli.main import app


@pytest.fixture
def onebox(migrated_url: str) -> "OneBoxCommand":
    """The command on a store that holds nothing; no ICS is there to fund anybody."""
    return OneBoxCommand(migrated_url)


class OneBoxCommand:
    """Runs `onebox` with settings of its own."""

    def __init__(self, url: str) -> None:
        self._env = {
            "ONEBOX_DATABASE_URL": url,
            "ONEBOX_ICS_URL": "http://127.0.0.1:9",
            "COLUMNS": "120",
        }

    def __call__(self, *words: str) -> Result:
        """What the command says, and its exit code."""
        return CliRunner().invoke(app, list(words), env=self._env)


def _made(onebox: OneBoxCommand) -> str:
    done = onebox(
        "tokens", "create", "--user", "alice", "--tenant", "acme", "--role", "viewer", "--no-fund"
    )
    assert done.exit_code == 0
    return done.stdout.strip()


def test_a_token_is_shown_once(onebox: OneBoxCommand) -> None:
    """`create` prints it alone on its line; `list` shows whose it is and never the token."""
    token = _made(onebox)
    assert token.startswith("obx_")
    listed = onebox("tokens", "list").stdout
    assert "alice" in listed
    assert "viewer" in listed
    assert "valid" in listed
    assert token not in listed


def test_a_revoked_token_is_ended(onebox: OneBoxCommand) -> None:
    """Once; a second time there is nothing to end, which is exit code 1."""
    _made(onebox)
    row = next(line for line in onebox("tokens", "list").stdout.splitlines() if "alice" in line)
    token_id = row.split()[0]
    assert onebox("tokens", "revoke", token_id).exit_code == 0
    assert "revoked" in onebox("tokens", "list").stdout
    again = onebox("tokens", "revoke", token_id)
    assert again.exit_code == 1
    assert "No valid token has the id" in again.stderr


def test_no_token_is_made_when_the_signer_cannot_be_funded(onebox: OneBoxCommand) -> None:
    """The refusal is a sentence and its fix, not a traceback."""
    done = onebox("tokens", "create", "--user", "bob", "--tenant", "acme")
    assert done.exit_code == 1
    assert "ICS_UNAVAILABLE" in done.stderr
    assert "Traceback" not in done.output
    assert "bob" not in onebox("tokens", "list").stdout


@pytest.mark.parametrize(
    "who",
    [
        {"--user": "bob smith"},
        {"--user": "b" * 65},
        {"--tenant": "t" * 65},
        {"--tenant": ""},
        {"--tenant": "a\nb"},
        {"--ens": "e" * 256},
    ],
)
def test_a_name_that_no_store_or_plan_takes_is_refused(
    onebox: OneBoxCommand, who: dict[str, str]
) -> None:
    """PostgreSQL has no room for what SQLite would store, and a plan names no such user."""
    asked = {"--user": "bob", "--tenant": "acme", **who}
    words = [word for pair in asked.items() for word in pair]
    done = onebox("tokens", "create", "--no-fund", *words)
    assert done.exit_code == 2
    assert "must be" in done.stderr
    assert "Traceback" not in done.output


def test_junk_in_a_setting_is_named() -> None:
    """The variable is named, and nothing is started."""
    done = CliRunner().invoke(app, ["migrate"], env={"ONEBOX_API_PORT": "eighty"})
    assert done.exit_code == 1
    assert "ONEBOX_API_PORT" in done.stderr
