"""`kefu ask`: what the bot would do, from a command line."""

import json

import pytest

from kefu.cli import ask

pytestmark = pytest.mark.django_db


def test_it_names_the_articles_with_their_confidence(article, capsys):
    assert ask.main(["where is my deposit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["action"], told["articles"][0]["slug"]) == ("answer", "late-deposit")
    assert told["articles"][0]["confidence"] > 0.6


def test_without_articles_it_says_how_to_get_some(capsys):
    assert ask.main(["where is my deposit"]) == 1
    assert "./kefu run" in capsys.readouterr().err
