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
    assert "20 conversations in 15 minutes" in page and "?spike=" in page
    assert 'value="withdrawals" selected' in lead.get("/desk/incidents/new/?topic=withdrawals").content.decode()
    lead.post(f"/desk/incidents/spikes/{going_on()[0].pk}/dismissal/")
    assert going_on() == []


@pytest.mark.parametrize(
    ("subject", "fields", "about"),
    [
        ("提币到波场一直没到", {}, "Tron (TRC-20)"),
        ("my coins are late", {"network": "Solana"}, "Solana"),
        ("where are my 20 DOGE", {}, "DOGE"),
    ],
)
def test_many_who_name_one_coin_or_network_are_noticed_whatever_their_topic(db, subject, fields, about):
    customer = Customer.objects.create()
    topics = [Topic.objects.create(slug=f"t{n}") for n in range(3)]
    Conversation.objects.bulk_create(
        Conversation(customer=customer, channel="webchat", topic=topics[n % 3], subject=subject, fields=fields) for n in range(12)
    )
    look()
    assert [(one.about, one.topic, one.count) for one in going_on()] == [(about, None, 12)]
    look()
    assert Spike.objects.count() == 1


def test_a_coin_that_is_named_as_often_every_day_is_none_and_an_incident_knows_its_words(db):
    customer = Customer.objects.create()
    for day in range(29):
        at = now() - timedelta(days=day, minutes=5)
        Conversation.objects.bulk_create(Conversation(customer=customer, channel="form", subject="USDT?", created=at) for _ in range(12))
    look()
    assert going_on() == []
    Incident.objects.create(slug="doge", words="dogecoin late")
    Conversation.objects.bulk_create(Conversation(customer=customer, channel="form", subject="DOGE?") for _ in range(12))
    look()
    assert going_on() == []


def test_an_incident_opened_from_a_spike_begins_with_its_words(topic, make_agent, signed_in):
    client = signed_in(make_agent("boss", role="supervisor"))
    thing = Spike.objects.create(about="DOGE", count=12, usual=0)
    subject = Spike.objects.create(topic=topic, count=12, usual=0)
    assert "DOGE: 12 conversations" in client.get("/desk/incidents/").content.decode()
    assert ">DOGE</textarea>" in client.get(f"/desk/incidents/new/?spike={thing.pk}").content.decode()
    assert 'value="withdrawals" selected' in client.get(f"/desk/incidents/new/?spike={subject.pk}").content.decode()
    assert client.get("/desk/incidents/new/?spike=99999999999999").status_code == 200
    assert client.get("/desk/board/").status_code == 200
