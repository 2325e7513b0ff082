"""The transcript by mail: to the mailbox that gets the answers, never to one that somebody types."""

import pytest
from django.core import mail as outbox

from kefu.channels.email.transcripts import order_transcript
from kefu.channels.form.adapter import parse
from kefu.conversations.errors import Conflict
from kefu.conversations.links import status_address
from kefu.conversations.note import note
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply


@pytest.fixture
def ticket(db, agent):
    talk = receive(
        parse("email", "mia@mail.example", topic="", text="missing elephants <b>", key="k1", fields={}, language="en")
    ).conversation
    note(talk, "an inner thought", agent=agent)
    reply(talk, "They are on their **way**.", agent=agent)
    return talk


def transcripts():
    return [m for m in outbox.outbox if m.subject.startswith("Transcript of")]


def test_everything_public_in_text_html_and_a_document(ticket, settle):
    order_transcript(ticket)
    settle()
    (sent,) = transcripts()
    assert sent.to == ["mia@mail.example"] and sent.extra_headers["Auto-Submitted"] == "auto-generated"
    html = sent.alternatives[0][0]
    for body in (sent.body, html):
        assert "missing elephants" in body and "They are on their way." in body and "inner thought" not in body
    assert "<b>" not in html.replace("<b>You</b>", "").replace("<b>ann", "") or "&lt;b&gt;" in html
    name, content, kind = sent.attachments[0]
    assert (name, kind) == (f"{ticket.number}.pdf", "application/pdf") and content.startswith(b"%PDF")


def test_not_too_often(ticket):
    for _ in range(3):
        order_transcript(ticket)
    with pytest.raises(Conflict, match="often"):
        order_transcript(ticket)


def test_from_the_tickets_page(ticket, client, settle):
    page = client.get(status_address(ticket)).content.decode()
    assert "To my mailbox" in page
    done = client.post(status_address(ticket) + "transcript-mail/", follow=True).content.decode()
    assert "mi***@mail.example" in done
    settle()
    assert len(transcripts()) == 1


def test_a_talk_without_a_mailbox_is_told_so(say):
    with pytest.raises(Conflict, match="address"):
        order_transcript(say("hello there").conversation)
