"""What the command line takes before the settings are read."""

import pytest

from kefu.cli.main import given_port


@pytest.mark.parametrize(
    ("arguments", "port"),
    [
        (["run", "--port", "8123"], "8123"),
        (["run", "--empty", "--port=8123"], "8123"),
        (["run"], ""),
        (["run", "--port"], ""),
        (["serve", "--port", "http"], ""),
    ],
)
def test_the_port_that_is_asked_for_is_the_one_in_links(arguments, port):
    assert given_port(arguments) == port
