"""On a ticket's page: live cards, being told when a transfer changes, proving the account by the app."""

import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation, Watch
from kefu.conversations.receive import receive
from kefu.exchange.port import Unavailable
from kefu.exchange.sandbox import code_of, txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity

MOVING = txid_of("10000001", "deposit", "Tron (TRC-20)")
DONE = txid_of("10000002", "deposit", "Tron (TRC-20)")
pytestmark = pytest.mark.usefixtures("sandbox")


def report(text, address="confirming@customers.example", *, proven=True):
    if proven:
        confirm(identify("email", address), Identity.Proof.MAILBOX)
    return receive(parse("email", address, topic="", text=text, key=text[:40], fields={}, language="en")).conversation


@pytest.fixture
def ticket(db):
    return report(f"where is {MOVING}, order 1234567890, error code 50111, to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3")


def at(ticket, what=""):
    return status_address(ticket).replace("/zh-hans/", "/en/") + what


def test_what_a_ticket_mentions_has_a_card_that_shows_how_it_stands(client, ticket, sandbox):
    assert "cards/" in client.get(at(ticket)).content.decode()
    page = client.get(at(ticket, "cards/")).content.decode()
    assert "500 USDT" in page and "12 / 20" in page and "Tell me when it changes" in page
    assert "No order of this account" in page and "50111" in page and "mistyped" in page


def test_a_strangers_transfer_shows_nothing_of_it(client, db):
    mine = report(f"where is {DONE}")
    assert "120.5" not in client.get(at(mine, "cards/")).content.decode()
    guest = report(f"where is {MOVING}", "guest@mail.example", proven=False)
    page = client.get(at(guest, "cards/")).content.decode()
    assert "500 USDT" not in page and "Prove your account" in page


def test_an_exchange_that_does_not_answer_leaves_the_page_whole(client, ticket, sandbox, monkeypatch):
    def ill(*args):
        raise Unavailable("down")

    for name in ("transaction", "activity", "uid_of", "account"):
        monkeypatch.setattr(sandbox, name, ill)
    assert client.get(at(ticket)).status_code == 200
    assert "cannot be looked up" in client.get(at(ticket, "cards/")).content.decode()
    answer = client.post(at(ticket, "watch/"), {"subject": MOVING}, follow=True)
    assert "does not answer" in answer.content.decode() and not Watch.objects.exists()


def test_told_when_it_changes_and_the_wish_can_be_taken_back(client, ticket):
    page = client.post(at(ticket, "watch/"), {"subject": MOVING}, follow=True).content.decode()
    assert "We watch 500 USDT" in page and "Do not wait" in page
    assert "watching this already" in client.post(at(ticket, "watch/"), {"subject": MOVING}, follow=True).content.decode()
    page = client.post(at(ticket, "watch/"), {"stop": "1"}, follow=True).content.decode()
    assert "Do not wait" not in page
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_the_form_offers_to_wait_instead_of_a_story(client, db):
    confirm(identify("email", "confirming@customers.example"), Identity.Proof.MAILBOX)
    from kefu.people.models import User
    from kefu.topics.models import Topic

    Topic.objects.create(slug="deposits", fields=[{"name": "txid", "type": "txid", "label": {"en": "TxID"}}])
    client.force_login(User.objects.create_user("confirming@customers.example"), backend="django.contrib.auth.backends.ModelBackend")
    card = client.post("/en/tickets/check/", {"f_txid": MOVING}).content.decode()
    assert 'name="tell"' in card
    page = client.post("/en/tickets/new/deposits/", {"tell": MOVING, "f_txid": MOVING, "text": "", "urgency": "normal"}, follow=True)
    assert "We watch 500 USDT" in page.content.decode()
    made = Conversation.objects.get()
    assert made.status == "on_hold" and MOVING in made.messages.get(kind="customer").body


def test_the_code_of_the_app_opens_the_account_to_this_ticket(client, db):
    guest = report(f"where is {MOVING}", "guest@mail.example", proven=False)
    wrong = client.post(at(guest, "proof/"), {"code": "1", "uid": "10000001"})
    assert wrong.status_code == 422 and 'value="10000001"' in wrong.content.decode() and "does not fit" in wrong.content.decode()
    right = client.post(at(guest, "proof/"), {"code": code_of("10000001", now()), "uid": "10000001"}, follow=True)
    assert "Your account is proven here since" in right.content.decode()
    assert "500 USDT" in client.get(at(guest, "cards/")).content.decode()


@pytest.mark.parametrize("what", ["cards/", "watch/", "proof/"])
def test_a_strangers_link_opens_none_of_it(client, ticket, what):
    other = report("something else", "stranger@mail.example")
    token = status_address(other).rstrip("/").rsplit("/", 1)[1]
    address = f"/en/conversations/{ticket.number}/{token}/{what}"
    assert client.get(address).status_code in {404, 405} and client.post(address, {"subject": MOVING}).status_code in {404, 405}
    assert not Watch.objects.exists()


def test_the_higher_proofs_stand_on_the_tickets_page_and_keep_what_was_typed(client, db):
    from kefu.conversations.prove_higher import text_to_sign
    from kefu.exchange.sandbox import address_of, signature_of

    made = report("stuck", "risk-review@customers.example")
    text, address = text_to_sign(made, "10000009"), address_of("10000009")
    page = client.get(at(made)).content.decode()
    assert text in page and "Begin the check" in page
    wrong = client.post(at(made, "proof/"), {"by": "address", "address": address, "signature": "0x1"})
    assert wrong.status_code == 422 and f'value="{address}"' in wrong.content.decode() and "does not fit" in wrong.content.decode()
    right = client.post(at(made, "proof/"), {"by": "address", "address": address, "signature": signature_of(address, text)}, follow=True)
    assert "Signed by a known withdrawal address" in right.content.decode()
    begun = client.post(at(made, "proof/"), {"by": "document"}).content.decode()
    assert 'href="https://beichen.example/check/' in begun and "not finished yet" in begun
    passed = client.post(at(made, "proof/"), {"by": "document"}, follow=True).content.decode()
    assert "Document and face checked" in passed and "Begin the check" not in passed


def test_without_a_known_account_the_higher_proofs_are_named_only(client, db):
    page = client.get(at(report("hello", "nobody@mail.example"))).content.decode()
    assert "There are higher proofs" in page and "Begin the check" not in page
