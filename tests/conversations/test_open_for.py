"""A ticket that an agent opens for a customer: found or new, guarded as everything, and the customer is not answered by a machine."""

import pytest
from django.core import mail

from kefu.conversations.models import Conversation
from kefu.people.identify import identify
from kefu.people.models import Customer, Identity
from kefu.topics.models import Topic
from tickets import write

FIELDS = [
    {"name": "txid", "type": "txid", "required": True, "label": {"en": "TxID"}},
    {"name": "kind", "type": "choice", "label": {"en": "Kind"}, "choices": [{"value": "late", "en": "It is late"}]},
]
PAGE = "/desk/tickets/new/"


@pytest.fixture
def desk(agent, signed_in):
    Topic.objects.create(slug="deposits", fields=FIELDS)
    return signed_in(agent)


def form(**given):
    return {"who": "mia@mail.example", "language": "en", "mode": "note", "text": "She called: nothing arrived.", "key": "k"} | given


def test_a_note_opens_a_ticket_that_is_the_agents(desk, agent, settle):
    mail.outbox.clear()
    answer = desk.post(PAGE, form(topic="deposits", f_kind="late", name="Mia"))
    talk = Conversation.objects.get()
    assert answer["Location"] == f"/desk/{talk.uid}/"
    assert desk.post(PAGE, form(topic="deposits"))["Location"] == f"/desk/{talk.uid}/"  # pressed twice is one ticket
    settle()
    talk.refresh_from_db()
    assert (talk.assignee, talk.status, talk.fields, talk.customer.name) == (agent, "open", {"kind": "late"}, "Mia")
    assert [one.kind for one in talk.messages.order_by("seq")] == ["activity", "note"]
    assert mail.outbox == []
    page = desk.get(f"/desk/{talk.uid}/").content.decode()
    assert "It is late" in page and "Missing:" in page and "TxID" in page
    assert identify("email", "mia@mail.example").proof == Identity.Proof.NONE


def test_a_mail_goes_to_a_customer_who_was_here_before(desk, settle):
    known = write().customer
    settle()
    mail.outbox.clear()
    desk.post(PAGE, form(mode="mail", text="We owe you an answer.", subject="Your call"))
    settle()
    talk = Conversation.objects.exclude(subject="missing").get()
    assert (talk.customer, talk.subject, talk.status) == (known, "Your call", "pending")
    assert [one.to for one in mail.outbox] == [["mia@mail.example"]] and "We owe you an answer." in mail.outbox[0].body


def test_an_account_is_found_by_its_uid_or_asked_for_by_mailbox(desk):
    customer = Customer.objects.create(exchange_uid="10000001")
    desk.post(PAGE, form(who="10000001"))
    assert Conversation.objects.get().customer == customer
    refused = desk.post(PAGE, form(who="10000001", mode="mail", key="2")).content.decode()
    assert "We know no mailbox" in refused and "She called" in refused
    assert "Nobody with this UID" in desk.post(PAGE, form(who="10009999", key="3")).content.decode()
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"who": "mia"}, "is no mail address and no UID"),
        ({"who": ""}, "Say whose ticket it is"),
        ({"text": " "}, "Write what it is about"),
        ({"mode": "mail", "text": "Please send me your password"}, "asks the customer for a secret"),
        ({"topic": "deposits", "f_txid": "abc"}, "no complete TxID"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(desk, given, said):
    answer = desk.post(PAGE, form(subject="Kept words", **given))
    assert answer.status_code == 422 and said in answer.content.decode() and "Kept words" in answer.content.decode()
    assert not Conversation.objects.exists()


def test_a_secret_that_was_told_on_the_phone_is_not_kept(desk):
    desk.post(PAGE, form(text="her password: hunter2hunter"))
    assert "hunter2" not in Conversation.objects.get().messages.get(kind="note").body


def test_another_topic_draws_its_fields_and_keeps_the_words(desk):
    page = desk.post(PAGE, form(topic="deposits", who=""), headers={"HX-Request": "true", "HX-Target": "ticket-fields"})
    assert page.status_code == 200 and "TxID" in page.content.decode() and "She called" in page.content.decode()


def test_an_auditor_opens_nothing(make_agent, signed_in):
    assert signed_in(make_agent("eve", role="auditor", badge="9")).post(PAGE, form()).status_code == 403
