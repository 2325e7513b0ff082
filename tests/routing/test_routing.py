"""The queue: in order, to those who can, never over capacity, and nobody is forgotten."""

import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.conversations.assign import take
from kefu.conversations.leave import leave_message, leave_queue
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.routing import match
from kefu.routing.assign import assign_next, free_stranded
from kefu.routing.wait import expected, wait_of, waits

pytestmark = pytest.mark.django_db


def server(pk=1, *, topics=(), languages=(), capacity=2, load=0):
    return match.Server(pk, frozenset(topics), frozenset(languages), frozenset(), capacity, load, None)


def test_languages_and_topics_count_and_the_least_busy_serves():
    waiting = match.Waiting(9, frozenset({5}), "ru", None)
    servers = [
        server(1, languages=["en"]),
        server(2, languages=["ru"], topics=[4]),
        server(3, languages=["ru"], topics=[5], load=1),
        server(4, languages=["ru"]),
    ]
    assert match.best(waiting, servers).pk == 4
    assert match.best(waiting, [server(1, languages=["en"])]).pk == 1, "nobody speaks it: then anybody"
    assert match.best(waiting, [server(2, topics=[4])]) is None


def test_nobody_waits_while_a_fitting_agent_is_free_and_nobody_has_too_much(make_agent, say, settle):
    agents = [make_agent(f"a{n}", capacity=n + 1) for n in range(3)]
    rng = random.Random(4)
    for n in range(9):
        say("human please", who=f"c{n}", language=rng.choice(["en", "zh-hans"]))
    settle()
    loads = [Conversation.objects.filter(assignee=a, stage="live").count() for a in agents]
    assert loads == [1, 2, 3]
    assert Conversation.objects.filter(stage="queued").count() == 3


def test_priority_and_tier_go_before_time(say, settle, make_agent):
    talks = [say("human please", who=f"c{n}").conversation for n in range(3)]
    settle()
    Conversation.objects.filter(pk=talks[2].pk).update(priority=4)
    Conversation.objects.filter(pk=talks[1].pk).update(tier=3)
    make_agent("solo", capacity=1)
    assign_next()
    assert Conversation.objects.get(stage="live").pk == talks[2].pk
    assert next(iter(waits())) == talks[1].pk


def test_the_talk_of_an_agent_who_is_gone_goes_back_with_its_place(queued, agent):
    since = queued.queued_at
    take(queued, agent=agent)
    Conversation.objects.filter(pk=queued.pk).update(waiting_since=now() - timedelta(minutes=5))
    Agent.objects.update(seen_at=now() - timedelta(minutes=10))
    assert free_stranded() == 1
    queued.refresh_from_db()
    assert (queued.stage, queued.queued_at, queued.assignee) == ("queued", since, None)


def test_a_place_is_kept_for_the_grace_and_then_the_question_goes_on_as_a_ticket(queued, settings):
    Conversation.objects.filter(pk=queued.pk).update(customer_seen_at=now() - timedelta(minutes=settings.QUEUE_GRACE_MINUTES - 1))
    assert free_stranded() == 0
    Conversation.objects.filter(pk=queued.pk).update(customer_seen_at=now() - timedelta(minutes=settings.QUEUE_GRACE_MINUTES + 1))
    assert free_stranded() == 1
    queued.refresh_from_db()
    assert (queued.stage, queued.status) == ("none", "open")


def test_waits_come_from_capacity_and_service_times():
    busy = [server(1, capacity=2, load=2)]
    assert expected(1, busy, 100) == 50
    assert expected(4, busy, 100) == 200
    assert expected(1, [server(1, capacity=2, load=1)], 100) == 0
    assert expected(1, [], 100) is None


def test_with_nobody_there_a_message_is_offered_and_can_be_left(queued):
    assert wait_of(queued).better_leave_a_message
    leave_message(queued, email="li@example.org")
    queued.refresh_from_db()
    assert (queued.stage, queued.status, queued.fields["reply_to"]) == ("none", "open", "li@example.org")


def test_leaving_the_queue_brings_the_bot_back(queued):
    leave_queue(queued)
    queued.refresh_from_db()
    assert queued.stage == "bot" and wait_of(queued) is None
