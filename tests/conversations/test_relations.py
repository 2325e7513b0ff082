"""Splitting, linking, and asking others: the customer sees nothing of it, and the answer comes back."""

import pytest
from django.core import mail as outbox

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation
from kefu.conversations.note import note
from kefu.conversations.side import ask_by_mail, ask_team
from kefu.conversations.split import relate, split
from kefu.people.models import Team
from tickets import MIA, write


@pytest.fixture
def ticket(db):
    found = write("missing elephants", "k1")
    write("and my other question is about fees", "k2", thread=str(found.uid))
    found.refresh_from_db()
    return found


@pytest.fixture
def funds(db):
    return Team.objects.create(slug="funds", name="资金", name_en="Funds")


def bodies(talk, kind):
    return list(talk.messages.filter(kind=kind).order_by("seq").values_list("body", flat=True))


def test_a_part_becomes_a_conversation_of_its_own(ticket, agent):
    made = split(ticket, seqs=[ticket.messages.get(body__contains="fees").seq, 999], by=agent)
    assert bodies(made, "customer") == ["and my other question is about fees"]
    assert (made.customer, made.follows, made.assignee) == (ticket.customer, ticket, agent)
    assert made.waiting_since is not None and made.number != ticket.number
    assert len(bodies(ticket, "customer")) == 2, "nothing disappears"
    seqs = list(ticket.messages.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert ticket.related.get() == made


def test_files_come_along_under_an_address_of_their_own(ticket, agent):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from kefu.conversations.attach import attach
    from kefu.conversations.files import upload

    message = ticket.messages.filter(kind="customer").first()
    file = upload(ticket, SimpleUploadedFile("a.txt", b"hello"), by_customer=True)
    attach(message, (file.uid.hex,), by_customer=True)
    copy = split(ticket, seqs=[message.seq], by=agent).attachments.get()
    assert copy.uid != file.uid and copy.storage_key == file.storage_key
    assert ticket.attachments.get().uid == file.uid


def test_only_the_customers_words_are_split_off(ticket, agent):
    note(ticket, "a note", agent=agent)
    with pytest.raises(Conflict):
        split(ticket, seqs=[ticket.messages.get(kind="note").seq], by=agent)


def test_linked_both_know(ticket, agent):
    other = write("something else", "k9", who="bo@mail.example")
    relate(ticket, other, by=agent)
    assert other.related.get() == ticket
    with pytest.raises(Conflict):
        relate(ticket, ticket, by=agent)


def test_a_team_is_asked_and_its_answer_comes_back_as_a_note(ticket, agent, make_agent, funds, settle, client):
    expert = make_agent("bea", badge="2222", teams=[funds])
    child = ask_team(ticket, team=funds, text="Is this hash on chain?", by=agent)
    settle()
    assert Conversation.objects.visible_to(expert).filter(pk=child.pk).exists()
    child.refresh_from_db()
    assert (child.team, child.channel, child.asked_from) == (funds, "internal", ticket)
    note(child, "Yes, 40 confirmations.", agent=expert)
    settle()
    settle()
    assert bodies(ticket, "note") == ["Yes, 40 confirmations."]
    assert child.pk not in set(ticket.customer.conversations.values_list("pk", flat=True))
    assert not [m for m in outbox.outbox if "hash" in m.body or "confirmations" in m.body]


def test_an_answer_to_colleagues_is_never_mailed(ticket, agent, funds, settle):
    from kefu.conversations.reply import reply

    child = ask_team(ticket, team=funds, text="Question", by=agent)
    reply(child, "Spoken as a reply by mistake", agent=agent)
    settle()
    assert not [m for m in outbox.outbox if "mistake" in m.body]
    assert "Spoken as a reply by mistake" in bodies(ticket, "note")


def test_somebody_outside_is_asked_by_mail_and_answers(ticket, agent, settle):
    child = ask_by_mail(ticket, address="Bank@partner.example", text="Was this payment made?", by=agent, subject="Payment 4711")
    settle()
    sent = [m for m in outbox.outbox if m.to == ["bank@partner.example"]]
    assert len(sent) == 1 and "Was this payment made?" in sent[0].body and "Payment 4711" in sent[0].subject
    assert bodies(ticket, "note") == []
    write("Yes, on Monday.", "k7", who="bank@partner.example", thread=str(child.uid))
    settle()
    assert bodies(ticket, "note") == ["Yes, on Monday."]
    assert not [m for m in outbox.outbox if m.to == [MIA] and "Monday" in m.body]


def test_a_team_that_is_asked_does_not_see_who_asked(ticket, agent, make_agent, signed_in, funds, settle):
    other = Team.objects.create(slug="kyc", name="认证")
    ticket.team, ticket.subject = other, "a very private matter"
    ticket.save()
    hidden = write("hidden as well", "k8", who="bo@mail.example")
    Conversation.objects.filter(pk=hidden.pk).update(team=other, subject="another private matter")
    child = ask_team(ticket, team=funds, text="Is this hash on chain?", by=agent)
    child.related.add(hidden)
    page = signed_in(make_agent("bea", badge="2222", teams=[funds])).get(f"/desk/{child.uid}/").content.decode()
    assert "Is this hash on chain?" in page and "private matter" not in page and ticket.number not in page


def test_nothing_is_asked_without_words_or_right(ticket, agent, make_agent, funds):
    with pytest.raises(ValueError, match="text"):
        ask_team(ticket, team=funds, text="  ", by=agent)
    with pytest.raises(NotAllowed):
        ask_team(ticket, team=funds, text="x", by=make_agent("eva", badge="3333", role="editor"))


def test_at_the_desk(signed_in, agent, ticket, funds, settle):
    desk = signed_in(agent)
    page = desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "Split…" in page and "Ask others…" in page
    made = desk.post(f"/desk/{ticket.uid}/splitting/", {"seq": "1", "subject": "Elephants"})
    assert "/desk/" in made.url and Conversation.objects.filter(subject="Elephants").exists()
    refused = desk.post(f"/desk/{ticket.uid}/splitting/", {}, headers={"HX-Request": "true"})
    assert "Choose at least one message" in refused.content.decode()
    desk.post(f"/desk/{ticket.uid}/asking/", {"team": str(funds.pk), "text": "Please look", "seq": "1"})
    child = Conversation.objects.get(channel="internal")
    assert bodies(child, "note")[0].startswith("Please look\n\nCustomer, ")
    assert child.number in desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "Asked from" in desk.get(f"/desk/{child.uid}/").content.decode()
    for bad, words in (
        ({"text": ""}, "Write your question"),
        ({"text": "x"}, "Choose whom"),
        ({"text": "x", "address": "nope"}, "no mail address"),
    ):
        answer = desk.post(f"/desk/{ticket.uid}/asking/", bad, headers={"HX-Request": "true"})
        assert words in answer.content.decode()
