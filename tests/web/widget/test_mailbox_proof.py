"""In the chat window: proving the account by a code to the registered mailbox, in the form and without leaving the talk."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from kefu.channels.webchat.adapter import Sender
from kefu.conversations.models import Conversation, Message
from kefu.conversations.prove import Outcome, account_of, prove, prove_by_mailbox, proven_rung
from kefu.exchange.port import Unavailable
from kefu.exchange.sandbox import code_of
from kefu.people.ladder import Rung
from kefu.people.models import Identity
from kefu.web.visitor import make_token

pytestmark = pytest.mark.django_db
UID, TOKEN = "10000001", make_token(Sender("browser", "guest-1"))
CHAT = "/en/chat/"


@pytest.fixture
def registered(sandbox):
    """The mailbox that is registered with the account."""
    return sandbox.account(UID).value.email


@pytest.fixture
def talk(client):
    client.post(f"{CHAT}messages/", {"text": "hello", "v": TOKEN}, headers={"X-Requested-With": "fetch"})
    return Conversation.objects.get()


def send(client, talk, token=TOKEN, script=True, **data):
    headers = {"X-Requested-With": "fetch"} if script else {}
    return client.post(f"{CHAT}proof/mailbox/", {"talk": talk.uid.hex, "v": token, **data}, headers=headers)


def told():
    return re.search(r"\d{6}", mail.outbox[-1].body)[0]


def test_a_guest_without_the_app_proves_the_account_by_its_mailbox(client, talk, registered, settle):
    asked = send(client, talk, email=registered.upper())
    assert asked.status_code == 200 and 'name="code"' in asked.content.decode() and mail.outbox[-1].to == [registered]
    assert "Proven" not in asked.content.decode() and account_of(talk) == ""
    right = send(client, talk, email=registered, code=f" {told()} ")
    assert right.status_code == 200 and "registered mailbox" in right.content.decode()
    talk.refresh_from_db()
    assert (account_of(talk), proven_rung(talk)) == (UID, Rung.MAILBOX)
    client.post(f"{CHAT}messages/", {"text": "and now", "v": TOKEN, "talk": talk.uid.hex}, headers={"X-Requested-With": "fetch"})
    assert Message.objects.get(body="and now").data["rung"] == Rung.MAILBOX
    window = client.get(f"{CHAT}panel/?v={TOKEN}", headers={"X-Requested-With": "fetch"}).content.decode()
    assert "You proved your account by a code to your registered mailbox." in window
    assert send(client, talk, email=registered, code=told()).status_code == 422, "a code is good once"


def test_wrong_codes_say_so_keep_the_address_and_end(client, talk, registered):
    send(client, talk, email=registered)
    right = told()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        refused = send(client, talk, email=registered, code=wrong)
        assert refused.status_code == 422 and registered in refused.content.decode() and "not the code" in refused.content.decode()
    assert send(client, talk, email=registered, code=right).status_code == 422
    assert send(client, talk, email=registered, code="", do="new").status_code == 200
    assert send(client, talk, email=registered, code=told()).status_code == 200


def test_nobody_learns_whether_a_mailbox_is_registered_but_its_reader(client, talk, registered):
    one, other = (
        re.sub(r'name="csrf\w+" value="\w+"', "", send(client, talk, email=address).content.decode()).replace(address, "x")
        for address in (registered, "nobody@mail.example")
    )
    assert one == other and len(mail.outbox) == 2
    own = send(client, talk, email="nobody@mail.example", code=told())
    assert own.status_code == 422 and "not the one that is registered" in own.content.decode()
    assert account_of(talk) == ""


def test_another_browser_has_no_use_for_the_code(client, talk, registered):
    send(client, talk, email=registered)
    stranger = make_token(Sender("browser", "stranger"))
    assert send(client, talk, token=stranger, email=registered, code=told()).status_code == 404
    Client().post(f"{CHAT}messages/", {"text": "mine", "v": stranger}, headers={"X-Requested-With": "fetch"})
    theirs = Conversation.objects.exclude(pk=talk.pk).get()
    assert send(client, theirs, token=stranger, email=registered, code=told()).status_code == 422


def test_what_is_no_address_is_told_and_kept(client, talk):
    refused = send(client, talk, email="mia at mail")
    assert refused.status_code == 422 and 'value="mia at mail"' in refused.content.decode() and not mail.outbox
    assert 'name="email" type="email"' in send(client, talk, email="mia@mail.example", do="other").content.decode()


def test_too_many_codes_are_not_sent(client, talk):
    cache.clear()
    assert [send(client, talk, email="mia@mail.example").status_code for _ in range(6)] == [200] * 5 + [422]
    assert len(mail.outbox) == 5


def test_without_scripts_each_step_is_a_page(client, talk, registered):
    page = send(client, talk, script=False, email=registered)
    assert page.status_code == 200 and "<title" in page.content.decode() and 'name="code"' in page.content.decode()
    assert send(client, talk, script=False, email=registered, code=told()).status_code == 302


def test_the_app_goes_on_counting_for_more_and_no_other_account_is_taken(talk, registered, sandbox):
    from django.utils.timezone import now

    assert prove(talk, code=code_of(UID, now()), uid=UID) == Outcome.PROVEN
    talk.refresh_from_db()
    assert prove_by_mailbox(talk, registered) == Outcome.PROVEN
    talk.refresh_from_db()
    assert proven_rung(talk) == Rung.APP
    assert prove_by_mailbox(talk, sandbox.account("10000002").value.email) == Outcome.WRONG
    assert account_of(talk) == UID


def test_a_mailbox_takes_nothing_from_who_is_signed_in_at_the_exchange(client, talk, registered):
    Identity.objects.filter(customer=talk.customer).update(proof=Identity.Proof.HOST_SITE)
    assert prove_by_mailbox(talk, registered) == Outcome.PROVEN
    client.post(f"{CHAT}messages/", {"text": "next", "v": TOKEN, "talk": talk.uid.hex}, headers={"X-Requested-With": "fetch"})
    assert Message.objects.get(body="next").data["rung"] == Rung.SESSION


def test_while_the_exchange_is_away_the_code_stays_good(client, talk, registered, sandbox, monkeypatch):
    send(client, talk, email=registered)
    with monkeypatch.context() as away:
        away.setattr(sandbox, "uid_of", lambda email: (_ for _ in ()).throw(Unavailable("away")))
        refused = send(client, talk, email=registered, code=told())
    assert refused.status_code == 422 and "nothing is lost" in refused.content.decode()
    assert send(client, talk, email=registered, code=told()).status_code == 200
