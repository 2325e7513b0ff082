"""What became of each mail is seen by agents, and by customers where it came back."""

import pytest
from django.utils.timezone import now

from kefu.channels.email.keep import keep
from kefu.channels.email.models import Mailbox
from kefu.conversations.links import status_address
from kefu.conversations.models import Delivery
from kefu.conversations.reply import reply
from kefu.system.audit.models import AuditEntry
from letters import letter


@pytest.fixture
def talk(db, monkeypatch, settle, agent):
    monkeypatch.setattr("kefu.channels.email.take_in.resolve", lambda name, kind: ())
    box = Mailbox.objects.create(address="support@beichen.example")
    seen = keep(box, letter(sender="ana@mail.example").as_bytes(), source="lmtp")
    settle()
    seen.refresh_from_db()
    reply(seen.conversation, "Which network was it?", agent=agent)
    settle()
    return seen.conversation


def test_each_mail_is_listed_with_what_became_of_it(signed_in, agent, talk):
    client, path = signed_in(agent), f"/desk/{talk.uid}/deliveries/"
    page = client.get(path).content.decode()
    assert "Which network was it?" in page and "Taken by the mail server" in page and "ana@mail.example" in page
    assert path in client.get(f"/desk/{talk.uid}/").content.decode()
    row = Delivery.objects.filter(message__kind="agent").get()
    Delivery.objects.filter(pk=row.pk).update(state="due", attempts=2, error="ConnectionRefusedError", due_at="2030-01-01T00:00Z")
    page = client.get(path).content.decode()
    assert "tried 2 times" in page and "ConnectionRefusedError" in page and "Try now" in page
    client.post(f"{path}{row.pk}/now/")
    row.refresh_from_db()
    assert row.due_at <= now() and AuditEntry.objects.filter(act="delivery.now").exists()


def test_what_was_sent_is_not_sent_again(signed_in, agent, talk):
    row = Delivery.objects.filter(message__kind="agent").get()
    before = row.due_at
    signed_in(agent).post(f"/desk/{talk.uid}/deliveries/{row.pk}/now/")
    row.refresh_from_db()
    assert row.state == "sent" and row.due_at == before


def test_the_customer_is_told_that_mail_comes_back_until_one_arrives(client, talk):
    page = client.get(status_address(talk)).content.decode()
    assert "came back" not in page
    Delivery.objects.filter(message__kind="agent").update(state="failed")
    page = client.get(status_address(talk)).content.decode()
    assert "came back" in page and "ana@mail.example" not in page.split("came back")[0][-80:]
    Delivery.objects.filter(message__kind="agent").update(state="sent")
    assert "came back" not in client.get(status_address(talk)).content.decode()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ('application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', "Encrypted with S/MIME"),
        ('multipart/signed; protocol="application/pkcs7-signature"; boundary=x', "S/MIME signature, not checked"),
    ],
)
def test_smime_is_shown_as_what_it_is(signed_in, agent, talk, settle, kind, words):
    body = b"--x\r\n\r\nhello\r\n--x\r\nContent-Type: application/pkcs7-signature\r\n\r\nAAAA\r\n--x--\r\n" if "signed" in kind else b"AAAA"
    raw = (
        b"From: bob@mail.example\r\nTo: support@beichen.example\r\nMessage-ID: <s@x>\r\nMIME-Version: 1.0\r\nContent-Type: " + kind.encode()
    )
    seen = keep(Mailbox.objects.get(), raw + b"\r\n\r\n" + body, source="lmtp")
    settle()
    seen.refresh_from_db()
    assert words in signed_in(agent).get(f"/desk/{seen.conversation.uid}/").content.decode()
