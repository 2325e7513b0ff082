"""What the command line takes before the settings are read."""

import os

import pytest

from kefu.cli import main as command
from kefu.environment import SettingError


@pytest.mark.parametrize(
    ("arguments", "port"),
    [
        (["run", "--port", "8123"], "8123"),
        (["run", "--empty", "--port=8123"], "8123"),
        (["serve", "--port", "8123"], "8123"),
        (["run"], "8000"),
        (["run", "--port"], "8000"),
        (["serve", "--port", "http"], "8000"),
        (["worker", "--port", "8123"], "8000"),
    ],
)
def test_the_port_that_is_asked_for_is_the_one_that_settings_make_links_of(arguments, port, monkeypatch):
    seen = []

    def prepare():
        seen.append(os.environ["KEFU_PORT"])
        raise SettingError("read no further")

    monkeypatch.setenv("KEFU_PORT", "8000")
    monkeypatch.setenv("KEFU_DEMO", "1")
    monkeypatch.setattr(command, "prepare", prepare)
    assert command.main(arguments) == 2
    assert seen == [port]
