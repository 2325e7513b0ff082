"""Spam and trash: out of every list, nothing lost, back as it was; a blocked sender calls nobody."""

from uuid import uuid4

import pytest
from django.urls import reverse

from kefu.automation import bulk
from kefu.channels.form.adapter import parse
from kefu.conversations.bin import block, restore, throw_away
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.matching import condition
from kefu.conversations.models import Conversation, Event, Message
from kefu.conversations.receive import receive
from kefu.people.models import Customer
from kefu.reports.roll import figures_of
from kefu.text.conditions import parse as conditions

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "thread"}


def write(text="buy followers", who="spam@x.example", thread=""):
    return receive(parse("email", who, topic="", text=text, key=uuid4().hex, fields={}, language="en", thread=thread)).conversation


def found(words):
    return set(Conversation.objects.filter(condition(conditions(words))).values_list("pk", flat=True))


@pytest.mark.parametrize("why", ["spam", "trash"])
def test_what_is_in_the_bin_is_in_no_list_and_comes_back_as_it_was(why, agent, signed_in):
    talk = write()
    before = Conversation.objects.values("status", "waiting_since", "solved_at", "closed_at", "snoozed_until").get(pk=talk.pk)
    client = signed_in(agent)
    answer = client.post(reverse("desk-bin", args=[talk.uid]), {"do": why}, **FETCH)
    assert answer.status_code == 200
    for view in ("unassigned", "open", "solved"):
        assert talk.number not in client.get(f"/desk/?view={view}").content.decode(), view
    assert talk.number in client.get(f"/desk/?view={why}").content.decode()
    assert found("status:closed") == found("status:open") == set() and found(f"is:{why}") == {talk.pk}
    assert talk.number not in client.get("/desk/?q=followers").content.decode()
    client.post(reverse("desk-bin", args=[talk.uid]), {"do": "restore"}, **FETCH)
    assert Conversation.objects.values(*before).get(pk=talk.pk) == before
    assert found(f"is:{why}") == set() and talk.number in client.get("/desk/?view=open").content.decode()


def test_spam_is_in_no_report(agent):
    talk = write()
    day = talk.created.date()
    assert sum(sums["opened"] for sums in figures_of(day).values()) == 1
    throw_away(talk, "spam", by=agent)
    assert sum(sums["opened"] for sums in figures_of(day).values()) == 0
    restore(Conversation.objects.get(pk=talk.pk), by=agent)
    assert sum(sums["opened"] for sums in figures_of(day).values()) == 1


def test_a_solved_one_comes_back_solved(agent):
    from kefu.conversations.resolve import solve

    talk = solve(write(), by=agent)
    throw_away(talk, "trash", by=agent)
    with pytest.raises(Conflict):
        throw_away(talk, "spam", by=agent)
    back = restore(Conversation.objects.get(pk=talk.pk), by=agent)
    assert back.status == "solved" and back.solved_at == talk.solved_at and back.closed_at is None
    with pytest.raises(Conflict):
        restore(back, by=agent)


def test_whoever_writes_to_what_is_in_the_trash_is_heard(agent, settle):
    talk = write("first")
    throw_away(talk, "trash", by=agent)
    again = write("please help", thread=talk.uid.hex)
    assert again.pk != talk.pk and again.bin == "" and again.follows_id == talk.pk
    assert found("is:waiting") == {again.pk}


def test_a_blocked_sender_calls_nobody_and_nothing_is_lost(agent, settle):
    first, other = write("one"), write("two")
    settle()
    block(first, by=agent)
    assert set(Conversation.objects.values_list("bin", flat=True)) == {"spam"}
    answers = Message.objects.filter(kind="bot").count()
    late = write("three")
    settle()
    late.refresh_from_db()
    assert late.pk in {first.pk, other.pk} and late.bin == "spam" and late.waiting_since is None and late.is_over
    assert Message.objects.filter(kind="bot").count() == answers
    assert found("is:waiting") == set() and Message.objects.filter(body="three").exists()


def test_the_first_word_of_a_blocked_stranger_is_held_back_without_an_answer(agent, settle):
    talk = write("one")
    block(talk, by=agent)
    Conversation.objects.filter(pk=talk.pk).update(bin="", binned_at=None)  # as if it had been dealt with long ago
    late = write("three")
    settle()
    late.refresh_from_db()
    assert late.bin == "spam" and not late.messages.filter(kind="bot").exists()


def test_a_release_lets_the_sender_in_with_all_that_was_held_back(agent, settle):
    first, other = write("one"), write("two")
    block(first, by=agent)
    restore(Conversation.objects.get(pk=other.pk), by=agent)
    assert set(Conversation.objects.values_list("bin", flat=True)) == {""}
    assert Customer.objects.get(pk=first.customer_id).blocked_at is None
    assert found("is:waiting") == {first.pk, other.pk}


def test_a_sender_with_very_many_is_blocked_and_released_whole(agent, settle, monkeypatch):
    monkeypatch.setattr("kefu.conversations.bin.AT_ONCE", 2)
    made = [write(f"number {n}") for n in range(6)]
    settle()
    block(made[3], by=agent)
    assert set(Conversation.objects.values_list("bin", flat=True)) == {"spam", ""}
    settle()
    assert set(Conversation.objects.values_list("bin", flat=True)) == {"spam"}
    restore(Conversation.objects.get(pk=made[0].pk), by=agent)
    settle()
    assert set(Conversation.objects.values_list("bin", flat=True)) == {""}


def test_a_customer_of_the_exchange_is_blocked_by_leaders_only(agent, make_agent, signed_in):
    talk = write()
    Customer.objects.filter(pk=talk.customer_id).update(exchange_uid="88001234")
    talk = Conversation.objects.get(pk=talk.pk)
    with pytest.raises(NotAllowed):
        block(talk, by=agent)
    client = signed_in(agent)
    assert b'value="block"' not in client.get(reverse("desk-conversation", args=[talk.uid])).content
    answer = client.post(reverse("desk-bin", args=[talk.uid]), {"do": "block"}, HTTP_HX_REQUEST="true")
    assert b"a supervisor blocks" in answer.content
    boss = make_agent("boss", role="supervisor")
    block(talk, by=boss)
    with pytest.raises(NotAllowed):
        restore(Conversation.objects.get(pk=talk.pk), by=agent)
    restore(Conversation.objects.get(pk=talk.pk), by=boss)


def test_in_the_chat_a_blocked_sender_is_told_once(say, agent, settle):
    talk = say("hello there").conversation
    block(talk, by=agent)
    Conversation.objects.filter(pk=talk.pk).update(bin="", binned_at=None)
    late = say("anybody?").conversation
    say("hello?", thread=late.uid.hex)
    told = Message.objects.filter(kind="activity", data__what="not_taken")
    assert [one.is_public for one in told] == [True]


def test_an_action_on_many_throws_away_and_its_undo_brings_back(agent, settle):
    talks = [write(who=f"s{n}@x.example") for n in range(3)]
    before = list(Conversation.objects.order_by("pk").values("status", "waiting_since", "solved_at", "bin", "binned_at"))
    run = bulk.start([talk.pk for talk in talks], [{"do": "bin", "value": "spam"}], by=agent)
    settle()
    assert found("is:spam") == {talk.pk for talk in talks}
    run.refresh_from_db()
    bulk.undo(run, by=agent)
    settle()
    assert list(Conversation.objects.order_by("pk").values("status", "waiting_since", "solved_at", "bin", "binned_at")) == before
    assert Event.objects.filter(kind="conversation.status_changed").count() == 6
