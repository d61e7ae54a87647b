import pytest

from onebox.errors import ConfigInvalid
from onebox.settings import load_settings


def test_settings_have_defaults_and_read_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    """ONEBOX_FEE_PCT is an integer percent; unset ones are None."""
    monkeypatch.setenv("ONEBOX_FEE_PCT", "7")
    settings = load_settings()
    assert settings.fee_pct == 7
    assert settings.burn_pct is None
    assert settings.task_queue == "onebox"


@pytest.mark.parametrize("junk", ["abc", "101", "-1", "5.5", ""])
def test_a_junk_percent_refuses_the_start(monkeypatch: pytest.MonkeyPatch, junk: str) -> None:
    """The message names the variable."""
    monkeypatch.setenv("ONEBOX_BURN_PCT", junk)
    with pytest.raises(ConfigInvalid, match="ONEBOX_BURN_PCT"):
        load_settings()


def test_the_token_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings prints no secret."""
    monkeypatch.setenv("ONEBOX_ICS_TOKEN", "hush-hush")
    assert "hush-hush" not in repr(load_settings())
