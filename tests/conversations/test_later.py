"""Answers that wait: taken back, sent at their moment, held back when the thread has changed."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.conversations.draft import draft_of, save_draft
from kefu.conversations.errors import Conflict, Refused
from kefu.conversations.later import hold, send_held, send_now, take_back
from kefu.conversations.models import Draft, Message
from kefu.conversations.reply import reply
from kefu.system.jobs.models import Job
from tickets import write


@pytest.fixture
def ticket(db):
    return write("missing elephants", "k1")


def due(held):
    Draft.objects.filter(pk=held.pk).update(send_at=now())
    send_held(held.pk)


def said(talk):
    return list(talk.messages.filter(kind=Message.Kind.AGENT).values_list("body", flat=True))


def test_it_goes_out_once_after_ten_seconds(ticket, agent):
    held = hold(ticket, "On its way.", agent=agent, client_key="a1")
    again = hold(ticket, "On its way.", agent=agent, client_key="a1")
    assert again.pk == held.pk and said(ticket) == []
    assert Job.objects.get(handler="conversations.later.send_held").due_at == held.send_at
    due(held)
    send_held(held.pk)
    assert said(ticket) == ["On its way."]
    assert not Draft.objects.exists()


def test_taken_back_it_is_a_draft_and_never_sent(ticket, agent):
    held = hold(ticket, "Oops", agent=agent, client_key="a1")
    assert take_back(ticket, held.pk, agent=agent).text == "Oops"
    send_held(held.pk)
    assert said(ticket) == [] and draft_of(ticket, agent).text == "Oops"
    with pytest.raises(Conflict):
        take_back(ticket, held.pk, agent=agent)


def test_nobody_takes_back_anothers(ticket, agent, make_agent):
    held = hold(ticket, "Mine", agent=agent, client_key="a1")
    with pytest.raises(Conflict):
        take_back(ticket, held.pk, agent=make_agent("eve", badge="4444"))


def test_a_scheduled_answer_is_held_back_when_the_customer_wrote(ticket, agent):
    ticket.refresh_from_db()
    held = hold(ticket, "Good morning!", agent=agent, client_key="a1", at=now() + timedelta(hours=9), seen=ticket.last_seq)
    save_draft(ticket, "and another thought", agent=agent)
    write("It has arrived, never mind", "k2", thread=str(ticket.uid))
    due(held)
    assert said(ticket) == []
    assert draft_of(ticket, agent).text == "Good morning!\n\nand another thought"
    assert ticket.messages.filter(data__what="held_back").exists()


def test_a_scheduled_answer_to_a_quiet_thread_goes_out(ticket, agent):
    ticket.refresh_from_db()
    held = hold(ticket, "Good morning!", agent=agent, client_key="a1", at=now() + timedelta(hours=9), seen=ticket.last_seq)
    send_held(held.pk)
    assert said(ticket) == [], "not before its moment"
    due(held)
    assert said(ticket) == ["Good morning!"]


def test_at_once_instead(ticket, agent):
    held = hold(ticket, "Now then", agent=agent, client_key="a1", at=now() + timedelta(hours=9))
    send_now(ticket, held.pk, agent=agent)
    send_held(held.pk)
    assert said(ticket) == ["Now then"]


def test_what_may_not_go_out_is_refused_at_once(ticket, agent):
    with pytest.raises(Refused):
        hold(ticket, "Please send me your seed phrase", agent=agent, client_key="a1")
    for wrong in (now() - timedelta(minutes=1), now() + timedelta(days=900)):
        with pytest.raises(Conflict):
            hold(ticket, "hello", agent=agent, client_key="a2", at=wrong)


def test_a_conversation_closed_meanwhile_leaves_the_words_with_their_writer(ticket, agent):
    held = hold(ticket, "Too late", agent=agent, client_key="a1")
    type(ticket).objects.filter(pk=ticket.pk).update(status="closed", solved_at=now(), closed_at=now())
    due(held)
    assert said(ticket) == [] and draft_of(ticket, agent).text == "Too late"


def test_a_draft_keeps_no_secret(ticket, agent):
    save_draft(ticket, "legal winner thank year wave sausage worth useful legal winner thank yellow", agent=agent)
    assert "sausage" not in draft_of(ticket, agent).text
    save_draft(ticket, "  ", agent=agent)
    assert draft_of(ticket, agent) is None


def test_files_wait_with_their_answer(ticket, agent):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from kefu.conversations.files import upload

    file = upload(ticket, SimpleUploadedFile("a.txt", b"hello"), by_customer=False)
    held = hold(ticket, "See the file", agent=agent, client_key="a1", files=(file.uid.hex,))
    due(held)
    assert ticket.messages.get(kind="agent").attachments.get().name == "a.txt"


def test_reply_and_hold_share_the_key(ticket, agent):
    reply(ticket, "Said already", agent=agent, client_key="a1")
    held = hold(ticket, "Said already", agent=agent, client_key="a1")
    due(held)
    assert said(ticket) == ["Said already"]
