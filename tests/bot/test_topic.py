"""Who asks for a person without choosing a topic still reaches those who know it."""

import pytest

from kefu.bot.decide import without_wish
from kefu.incidents.models import Incident
from kefu.people.models import Team
from kefu.topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def funds(article):
    team = Team.objects.create(slug="funds")
    Topic.objects.filter(slug="deposits").update(team=team)
    return team


@pytest.mark.parametrize(("text", "language"), [("deposit missing, agent please", "en"), ("充值没到账，转人工", "zh-hans")])
def test_a_wish_for_a_person_with_a_question_reaches_the_team_of_the_topic(funds, say, settle, text, language):
    found = say(text, language=language).conversation
    settle()
    found.refresh_from_db()
    assert (found.stage, found.topic.slug, found.team) == ("queued", "deposits", funds)
    assert found.events.filter(kind="conversation.topic_changed").exists()


def test_details_that_were_said_are_not_asked_for_again(funds, say, settle):
    names = ("txid", "txid"), ("network", "network"), ("note", "text")
    Topic.objects.filter(slug="deposits").update(fields=[{"name": name, "type": kind, "label": {"en": name}} for name, kind in names])
    found = say(f"deposit missing, TRC20, {'a1' * 32}, agent please", topic="deposits").conversation
    settle()
    found.refresh_from_db()
    assert found.fields == {"txid": "a1" * 32, "network": "Tron (TRC-20)"}


def test_a_bare_wish_has_no_topic(funds, say, settle):
    found = say("agent please").conversation
    settle()
    found.refresh_from_db()
    assert (found.stage, found.topic, found.team) == ("queued", None, None)


def test_what_was_asked_before_the_button_counts(funds, say, settle):
    found = say("something about a deposit of mine").conversation
    settle()
    found.refresh_from_db()
    found.topic = None
    found.bot = {**found.bot, "likely_topic": "deposits"}
    found.save()
    say("", choice="human", thread=found.uid.hex)
    settle()
    found.refresh_from_db()
    assert (found.stage, found.topic.slug) == ("queued", "deposits")


def test_an_alarm_goes_to_security_whatever_the_articles_say(article, say, settle):
    security = Topic.objects.create(slug="security", team=Team.objects.create(slug="security"))
    found = say("someone hacked my account and logged in").conversation
    settle()
    found.refresh_from_db()
    assert (found.topic, found.team) == (security, security.team)


def test_who_asks_for_a_person_hears_of_the_incident_all_the_same(funds, say, settle):
    incident = Incident.objects.create(slug="late", titles={"en": "Deposits are late"}, words="deposit")
    found = say("deposit missing, agent please").conversation
    settle()
    found.refresh_from_db()
    said = [one.body for one in found.messages.filter(kind="bot").order_by("seq")]
    assert (found.stage, found.incident) == ("queued", incident)
    assert "Deposits are late" in said[0]


def test_the_rest_of_a_message_is_what_it_is_about():
    assert without_wish("My withdrawal is stuck, agent please") == "My withdrawal is stuck"
    assert without_wish("agent please") == "" == without_wish("转人工")
    assert without_wish("I want a human for my missing deposit") == "I want a human for my missing deposit"
