"""A ticket's page: its states, what its customer can do, and that a stranger can do nothing."""

import json

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from kefu.channels.form.adapter import parse
from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation, EventKind
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.conversations.resolve import close, solve
from kefu.surveys.models import Rating


@pytest.fixture
def ticket(db):
    inbound = parse("email", "mia@mail.example", topic="", text="My deposit is missing", key="k1", fields={}, language="en")
    return receive(inbound).conversation


@pytest.fixture
def address(ticket):
    from django.utils.translation import override

    with override("en"):
        return status_address(ticket)


def test_the_four_states_are_those_a_customer_knows(client, ticket, address, agent):
    def state():
        return client.get(address).content.decode()

    assert "In progress" in state()
    reply(ticket, "Which network was it?", agent=agent)
    assert "Waiting for you" in state() and "Which network was it?" in state()
    solve(ticket, by=agent)
    assert "Solved" in state() and "How was it?" in state()
    close(ticket, by_customer=False)
    assert "Closed" in state()


def test_an_agents_words_reach_the_customer_by_mail_and_the_reply_address_is_signed(ticket, agent, settle):
    from kefu.channels.email.threads import read_token

    settle()
    reply(ticket, "It is **there** now.", agent=agent)
    settle()
    sent = mail.outbox[-1]
    assert sent.to == ["mia@mail.example"] and "there" in sent.body and "<strong>there</strong>" in sent.alternatives[0][0]
    token = sent.reply_to[0].split("+")[1].split("@")[0]
    assert read_token(token) == ticket.uid
    assert read_token(token[:-2] + "aa") is None
    assert "Auto-Submitted" not in sent.extra_headers


def test_a_note_is_never_mailed_nor_shown(client, ticket, address, agent, settle):
    from kefu.conversations.note import note

    settle()
    before = len(mail.outbox)
    note(ticket, "between ourselves", agent=agent)
    settle()
    assert len(mail.outbox) == before
    assert "between ourselves" not in client.get(address).content.decode()


def test_words_and_files_are_added_and_a_solved_ticket_reopens(client, ticket, address, agent):
    solve(ticket, by=agent)
    answer = client.post(address + "replies/", {"text": "Still missing", "key": "k2", "file": SimpleUploadedFile("a.txt", b"lines")})
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "open"
    page = client.get(address).content.decode()
    assert "Still missing" in page and "a.txt" in page


def test_the_same_words_sent_twice_are_one_message(client, ticket, address):
    for _ in range(2):
        client.post(address + "replies/", {"text": "more", "key": "same"})
    assert ticket.messages.filter(kind="customer").count() == 2


def test_a_refused_file_keeps_the_words(client, ticket, address):
    answer = client.post(address + "replies/", {"text": "see the file", "file": SimpleUploadedFile("a.exe", b"MZ")})
    assert answer.status_code == 422
    assert "see the file" in answer.content.decode() and "not taken" in answer.content.decode()
    assert ticket.messages.filter(kind="customer").count() == 1


def test_words_to_a_closed_ticket_begin_a_new_one_that_names_it(client, ticket, address):
    client.post(address + "status/", {"status": "closed"})
    client.post(address + "replies/", {"text": "one more thing"})
    new = Conversation.objects.exclude(pk=ticket.pk).get()
    assert new.follows == ticket


def test_the_customer_marks_it_solved_opens_it_again_and_closes_it(client, ticket, address):
    for status, expected in (("solved", "solved"), ("reopened", "open"), ("closed", "closed")):
        assert client.post(address + "status/", {"status": status}).status_code == 302
        ticket.refresh_from_db()
        assert ticket.status == expected
    assert client.post(address + "status/", {"status": "closed"}).status_code == 302
    assert client.post(address + "status/", {"status": "eaten"}).status_code == 422


def test_the_ladder_has_four_rungs_each_with_a_reason_a_clock_and_a_new_face(client, ticket, address, agent):
    from kefu.conversations.assign import take

    take(ticket, agent=agent)
    solve(ticket, by=agent)
    before = ticket.priority
    assert client.post(address + "escalation/", {"reason": " "}).status_code == 422
    for level in (2, 3, 4):
        assert client.post(address + "escalation/", {"reason": "Nobody read my file"}).status_code == 302
        ticket.refresh_from_db()
        assert (ticket.level, ticket.assignee, ticket.status) == (level, None, "open")
        assert ticket.level_due_at > ticket.created
    assert ticket.priority > before
    assert any(reason["code"] == "raised" for reason in ticket.priority_reasons)
    assert client.post(address + "escalation/", {"reason": "higher"}).status_code == 422
    assert ticket.events.filter(kind=EventKind.ESCALATED).count() == 3
    assert "Complaints officer" in client.get(address).content.decode()


def test_a_bad_rating_with_its_reason_opens_a_review_and_can_be_changed(client, ticket, address, agent):
    assert client.post(address + "rating/", {"score": "5"}).status_code == 422, "nobody has answered yet"
    reply(ticket, "Done.", agent=agent)
    solve(ticket, by=agent)
    client.post(address + "rating/", {"score": "1", "reason": "slow", "comment": "two days"})
    rating = Rating.objects.get()
    assert (rating.score, rating.reason, rating.review, rating.agent) == (1, "slow", "open", agent)
    client.post(address + "rating/", {"score": "5"})
    rating.refresh_from_db()
    assert (rating.score, rating.review) == (5, "none")
    for bad in ({"score": "9"}, {"score": ""}, {"score": "3", "reason": "hunger"}):
        assert client.post(address + "rating/", bad).status_code == 422


@pytest.mark.parametrize("form", ["html", "pdf", "json"])
def test_the_transcript_comes_in_three_forms(client, ticket, address, agent, form):
    reply(ticket, "It is there now.", agent=agent)
    answer = client.get(f"{address}transcript.{form}")
    assert answer.status_code == 200
    if form == "json":
        assert [m["text"] for m in json.loads(answer.content)["messages"]] == ["My deposit is missing", "It is there now."]


def test_every_act_needs_the_signed_link(client, ticket, address):
    forged = address.replace(address.split("/")[-2], "1rXyz:AAAA")
    assert client.get(forged).status_code == 404
    for act in ("replies", "status", "escalation", "rating"):
        assert client.post(f"{forged}{act}/", {"text": "x", "status": "closed", "reason": "x", "score": "1"}).status_code == 404
    assert client.get(f"{forged}transcript.json").status_code == 404
    ticket.refresh_from_db()
    assert ticket.status == "new" and ticket.last_seq == 1


def test_a_mail_that_the_server_refuses_is_told_to_the_desk_and_a_passing_fault_is_tried_again(ticket, agent, settle, monkeypatch):
    import smtplib

    from django.core.mail import EmailMessage

    from kefu.conversations.models import Delivery

    settle()

    def refuse(code):
        def send(self):
            raise smtplib.SMTPRecipientsRefused({"mia@mail.example": (code, b"no such user")})

        monkeypatch.setattr(EmailMessage, "send", send)

    refuse(451)
    reply(ticket, "first", agent=agent)
    settle()
    assert Delivery.objects.latest("pk").state == "due"
    refuse(550)
    reply(ticket, "second", agent=agent)
    settle()
    assert Delivery.objects.latest("pk").state == "failed"
    assert ticket.messages.filter(data__what="not_delivered").exists()
