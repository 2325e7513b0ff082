"""A topic that many write about suddenly is noticed; an ordinary busy hour is not."""

import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.incidents.models import Incident, Spike
from kefu.incidents.spikes import going_on, is_spike, look
from kefu.people.models import Customer
from kefu.topics.models import Topic


@pytest.fixture
def topic(db):
    return Topic.objects.create(slug="withdrawals")


def came(topic, count, *, days=0, minutes=5):
    customer = Customer.objects.create()
    at = now() - timedelta(days=days, minutes=minutes)
    Conversation.objects.bulk_create(Conversation(customer=customer, channel="form", topic=topic, created=at) for _ in range(count))


def test_far_more_than_usual_is_noticed_once(topic):
    for day in range(1, 29):
        came(topic, 3, days=day)
    came(topic, 25)
    assert look() == look() == 1
    spike = going_on()[0]
    assert (spike.topic, spike.count, spike.usual) == (topic, 25, 3)


def test_what_is_usual_at_this_hour_is_none(topic):
    for day in range(1, 29):
        came(topic, 22, days=day)
    came(topic, 25)
    assert look() == 0


def test_a_few_are_chance_and_an_open_incident_knows_already(topic):
    came(topic, 6)
    assert look() == 0
    Incident.objects.create(slug="halt", topic=topic)
    came(topic, 30)
    assert look() == 0


def test_it_ends_and_may_come_again(topic):
    came(topic, 20)
    look()
    Spike.objects.update(seen=now() - timedelta(hours=1))
    Conversation.objects.update(created=now() - timedelta(hours=1))
    assert look() == 0 and Spike.objects.get().ended is not None
    came(topic, 20)
    assert look() == 1 and Spike.objects.count() == 2


def test_chance_alone_raises_hardly_ever():
    rng = random.Random(7)
    for mean in (1, 5, 20, 100):
        alarms = sum(is_spike(sum(rng.random() < mean / 1000 for _ in range(1000)), mean) for _ in range(400))
        assert alarms <= 2


def test_at_the_desk(topic, signed_in, make_agent):
    came(topic, 20)
    look()
    lead = signed_in(make_agent("boss", role="supervisor"))
    page = lead.get("/desk/incidents/").content.decode()
    assert "20 conversations in 15 minutes" in page and "?topic=withdrawals" in page
    assert 'value="withdrawals" selected' in lead.get("/desk/incidents/new/?topic=withdrawals").content.decode()
    lead.post(f"/desk/incidents/spikes/{going_on()[0].pk}/dismissal/")
    assert going_on() == []
