"""The one door in: guarded, threaded, stored once, numbered without gaps."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.conversations.errors import NotAllowed, TooLong
from kefu.conversations.models import Conversation, Event, Message, locked
from kefu.text import numbering

pytestmark = pytest.mark.django_db
LEGAL = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def test_the_first_word_begins_a_conversation_with_a_number_and_the_bot(say):
    found = say("where is my deposit").conversation
    found.refresh_from_db()
    assert numbering.read(found.number) == found.number
    assert (found.stage, found.status, found.last_seq) == ("bot", "new", 1)


def test_the_same_key_again_is_the_same_message(say):
    first = say("hello", key="k1")
    again = say("hello", key="k1")
    assert again.message == first.message and not again.is_new
    assert Conversation.objects.count() == 1 and Message.objects.count() == 1


def test_messages_are_numbered_without_gaps(say):
    thread = say("one").conversation.uid.hex
    for text in ("two", "three", "four"):
        say(text, thread=thread)
    assert list(Message.objects.order_by("pk").values_list("seq", flat=True)) == [1, 2, 3, 4]


def test_a_word_in_a_live_talk_costs_six_statements(say, agent):
    thread = say("one").conversation
    with locked(thread) as talk:
        talk.go_live_with(agent, now())
        talk.save()
    say("two", thread=thread.uid.hex)
    with CaptureQueriesContext(connection) as asked:
        say("three", thread=thread.uid.hex)
    # Which rules there are is remembered for some seconds, and the test's own transaction makes a savepoint of this one.
    cost = [one["sql"][:60] for one in asked if "SAVEPOINT" not in one["sql"] and "automation" not in one["sql"]]
    assert len(cost) == 6, cost


def test_a_stranger_who_quotes_a_conversation_starts_a_new_one(say):
    mine = say("hello", who="ann").conversation
    other = say("let me in", who="eve", thread=mine.uid.hex).conversation
    assert other != mine and other.customer != mine.customer


def test_a_seed_phrase_is_never_stored_and_the_customer_is_told_what_to_do(say):
    received = say(f"help, my words are {LEGAL}")
    assert received.removed == ["seed_phrase"]
    texts = [m.body for m in received.conversation.messages.all()]
    assert not any("sausage" in text for text in texts)
    advice = received.conversation.messages.get(kind="bot")
    assert advice.data["role"] == "secret_advice" and "move your funds" in advice.body
    assert not any("sausage" in str(e.data) for e in Event.objects.all())


def test_the_subject_holds_no_secret(say):
    assert "sausage" not in say(LEGAL).conversation.subject


def test_a_text_over_the_limit_is_refused_before_anything_is_kept(say):
    with pytest.raises(TooLong):
        say("x" * 20_001)
    assert Conversation.objects.count() == 0


def test_a_customer_who_writes_again_wakes_a_solved_conversation(say, agent):
    from kefu.conversations.resolve import solve

    found = say("hello").conversation
    solve(found, by=agent)
    say("still broken", thread=found.uid.hex)
    found.refresh_from_db()
    assert found.status == "open" and found.solved_at is None
    assert found.events.filter(kind="conversation.reopened").exists()


def test_a_closed_conversation_stays_closed_and_a_linked_one_begins(say):
    found = say("hello").conversation
    Conversation.objects.filter(pk=found.pk).update(status="closed", solved_at=now())
    second = say("again", thread=found.uid.hex).conversation
    assert second != found and second.follows == found


def test_a_file_that_is_not_mine_is_refused(say):
    from kefu.conversations.attach import attach

    message = say("hello").message
    with pytest.raises(NotAllowed):
        attach(message, ["0190b7c8a1b27def8a1b2c3d4e5f6a7b"])


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap_and_no_double(say):
    thread = say("start").conversation.uid.hex
    errors = []

    def write(n):
        try:
            for i in range(5):
                say(f"{n}-{i}", thread=thread, key=f"{n}-{i}")
                say(f"{n}-{i}", thread=thread, key=f"{n}-{i}")
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not errors, errors
    assert sorted(Message.objects.values_list("seq", flat=True)) == list(range(1, 22))
    assert connection.vendor in {"sqlite", "postgresql"}
