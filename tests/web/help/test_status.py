"""The status page: what is wrong now, how the services fared, which networks are shut, and what is planned."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.exchange.port import Unavailable
from kefu.exchange.sandbox import Sandbox
from kefu.incidents.models import Incident, IncidentUpdate
from kefu.topics.models import Topic, TopicTranslation
from kefu.web.help import uptime as status

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics():
    made = {slug: Topic.objects.create(slug=slug, is_service=True) for slug in ("deposits", "withdrawals")}
    made["perpetual"] = Topic.objects.create(slug="perpetual", parent=made["deposits"])
    made["scams"] = Topic.objects.create(slug="scams")
    for slug, topic in made.items():
        TopicTranslation.objects.create(topic=topic, language="en", name=slug.title())
    return made


def incident(topic, *, began, took=None, **more):
    created = now() - began
    solved = created + took if took else None
    made = Incident.objects.create(
        slug=f"i{Incident.objects.count()}", topic=topic, titles={"en": "Slow"}, created=created, solved_at=solved,
        state="solved" if solved else "identified", **more,
    )  # fmt: skip
    IncidentUpdate.objects.create(incident=made, state="investigating", texts={"en": "We look."}, created=created)
    return made


def test_a_day_with_a_disturbance_is_marked_and_a_long_one_more(topics):
    incident(topics["perpetual"], began=timedelta(days=10, hours=12), took=timedelta(hours=1))
    incident(topics["deposits"], began=timedelta(days=20, hours=18), took=timedelta(hours=12))
    incident(topics["scams"], began=timedelta(days=3), took=timedelta(hours=1))
    deposits, withdrawals = status.services("en")
    assert (deposits.name, deposits.disturbed, deposits.days.count("w"), deposits.days.count("b")) == ("Deposits", 2, 1, 1)
    assert deposits.days.index("b") < deposits.days.index("w") and deposits.trouble == ""
    assert round(deposits.share, 2) == round(100 * (1 - 13 / 24 / 60), 2)
    assert withdrawals.disturbed == 0 and withdrawals.share == 100


def test_two_disturbances_at_the_same_time_count_once(topics):
    for _ in range(2):
        incident(topics["deposits"], began=timedelta(hours=6))
    assert round(status.services("en")[0].share, 3) == round(100 * (1 - 6 / 24 / 60), 3)


def test_what_is_wrong_now_stands_first_with_its_way(client, topics):
    incident(topics["withdrawals"], began=timedelta(minutes=42))
    page = client.get("/en/announcements/").content.decode()
    assert "for 42 minutes" in page and "We look." in page and 'class="done">Investigating' in page
    assert page.count("Disturbed") == 1 and page.count("Works normally") == 1


def test_networks_that_are_shut_are_named_and_an_ill_exchange_leaves_the_page_whole(client, topics, monkeypatch):
    monkeypatch.setattr("kefu.exchange.network_table.exchange", Sandbox)
    page = client.get("/en/announcements/").content.decode()
    assert "Ethereum (ERC-20)" in page and "Deposits suspended" in page and "Solana" not in page

    def ill(self):
        raise Unavailable

    monkeypatch.setattr(Sandbox, "networks", ill)
    answer = client.get("/en/announcements/")
    assert answer.status_code == 200 and "Deposits suspended" not in answer.content.decode()
