"""Made-up conversations: as many as asked for, as real ones stand, and safe to go on with after a stop."""

import pytest
from django.db.models import Count, F, Max

from kefu.cli.many.fill import fill
from kefu.conversations.models import Conversation, Message
from kefu.people.models import Agent, Team
from kefu.reports.figures import total
from kefu.system.search.index import find
from kefu.text import numbering


@pytest.fixture
def team(db):
    return Team.objects.create(slug="funds", name="资金")


def test_as_many_as_asked_and_on_from_what_is_there(team):
    told = []
    assert fill(120, report=told.append, days=40) == 120
    assert fill(150, report=told.append, days=40) == 30
    assert fill(150, report=told.append, days=40) == 0
    assert Conversation.objects.count() == 150
    assert [p.done for p in told if p.step == "conversations"] == [120, 30]


def test_what_is_made_keeps_the_rules_of_real_ones(team):
    fill(200, report=lambda progress: None, days=40)
    counted = Conversation.objects.annotate(n=Count("messages"), top=Max("messages__seq"))
    assert not counted.exclude(n=F("last_seq"), top=F("last_seq")).exists()
    assert all(numbering.read(number) == number for number in Conversation.objects.values_list("number", flat=True))
    assert not Conversation.objects.filter(solved_at__lt=F("created")).exists()
    over = Conversation.objects.filter(status__in=["solved", "closed"]).count()
    assert over / 200 > 0.8
    assert {c.channel for c in Conversation.objects.all()} == {"webchat", "email", "form"}
    newest = Message.objects.filter(kind="customer").order_by("-pk").first()
    word = max(newest.body.split(), key=len)
    assert newest.conversation_id in find(word, limit=10_000)
    days = [c.astimezone().date() for c in Conversation.objects.values_list("created", flat=True)]
    assert total(min(days), max(days)).sums["opened"] >= 190  # days are counted in UTC: the edges may lie outside
    ids = Conversation.objects.order_by("pk").values_list("created", flat=True)
    assert list(ids) == sorted(ids)


def test_the_ids_that_follow_are_free(team, say):
    fill(20, report=lambda progress: None, days=40)
    assert say("hello").conversation.number


def test_its_agents_cannot_sign_in(team):
    fill(10, report=lambda progress: None, days=40)
    assert Agent.objects.exists()
    assert not any(agent.user.has_usable_password() for agent in Agent.objects.all())
