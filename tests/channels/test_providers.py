"""Mail over a provider's API, in the formats that each documents, and what it tells us later."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

import pytest
from django.core import mail as outbox
from django.urls import reverse

from kefu.channels.email.probe import probe
from kefu.channels.email.providers import WAYS, hook_token
from kefu.conversations.models import Delivery
from kefu.conversations.reply import reply
from kefu.text.mail import pgp
from letters import letter

ANSWERS = {
    "mailgun": {"id": "<x@mg.example>", "message": "Queued. Thank you."},
    "postmark": {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "ana@mail.example", "SubmittedAt": "2026-01-01T00:00:00Z"},
    "brevo": {"messageId": "<b@brevo.example>"},
    "resend": {"id": "r-1"},
}


@pytest.fixture
def api():
    """A provider on loopback: what it was sent, and what it answers."""
    got, state = [], {"status": 200, "answer": {}}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            got.append((self.path, dict(self.headers), body))
            self._answer()

        def do_GET(self):
            got.append((self.path, dict(self.headers), b""))
            self._answer()

        def _answer(self):
            content = json.dumps(state["answer"]).encode()
            self.send_response(state["status"])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.got, server.state, server.url = got, state, f"http://127.0.0.1:{server.server_port}/"
    yield server
    server.shutdown()


@pytest.fixture
def answered(arrive, settle, agent, mailbox, api):
    """run(provider) → the delivery of an answer that went (or did not go) over it."""

    def run(provider, status=200, **more):
        seen = arrive(letter())
        api.state.update(status=status, answer=more.pop("answer", ANSWERS[provider]))
        mailbox.provider, mailbox.provider_url = provider, api.url
        mailbox.keep_secret("provider_key", "a key")
        for name, value in more.items():
            setattr(mailbox, name, value)
        mailbox.save()
        message = reply(seen.conversation, "Which **network** was it?", agent=agent)
        settle()
        return message.deliveries.get()

    return run


@pytest.mark.parametrize("provider", sorted(WAYS))
def test_an_answer_goes_over_the_provider(answered, api, provider):
    delivery = answered(provider)
    assert (delivery.state, delivery.error) == (Delivery.State.SENT, "")
    assert delivery.provider_id in json.dumps(ANSWERS[provider])
    _path, headers, body = api.got[-1]
    body = unquote_to_bytes(body.replace(b"+", b" ")) if provider == "mailgun" else body  # it takes a form, the others JSON
    assert b"Which **network** was it?" in body.replace(b"\\n", b"\n") and b"<strong>network</strong>" in body.replace(b"\\u003c", b"<")
    assert b"ana@mail.example" in body and delivery.key.hex.encode() in body  # in the Message-ID and what comes back with news
    assert b"X-Kefu-Loop" in body
    assert "a key" in json.dumps(headers) or "Basic" in headers.get("Authorization", "")
    assert not any("network" in one.body for one in outbox.outbox)  # nothing went another way


@pytest.mark.parametrize(("status", "state"), [(401, "due"), (429, "due"), (500, "due"), (422, "failed")])
def test_what_the_provider_refuses_is_tried_again_or_told(answered, status, state):
    delivery = answered("postmark", status=status, answer={"ErrorCode": 300, "Message": "Invalid email request"})
    assert delivery.state == state and str(status) in delivery.error
    told = delivery.message.conversation.messages.filter(data__what="not_delivered").exists()
    assert told == (state == "failed")


def test_an_address_that_the_provider_gave_up_is_told(answered):
    words = "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ana@mail.example. Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
    delivery = answered("postmark", status=422, answer={"ErrorCode": 406, "Message": words})
    assert delivery.state == Delivery.State.FAILED and delivery.error


def test_an_encrypted_answer_never_goes_over_an_api(answered, api, mailbox):
    from kefu.channels.email.models import PublicKey

    own = pgp.generate("Beichen", mailbox.address)
    mailbox.keep_secret("pgp_key", own)
    theirs = pgp.public_key(pgp.generate("Ana", "ana@mail.example"))
    PublicKey.objects.create(address="ana@mail.example", fingerprint=pgp.fingerprint(theirs), armoured=theirs, state="used")
    delivery = answered("resend", pgp_fingerprint=pgp.fingerprint(own))
    assert delivery.state == Delivery.State.FAILED and "SMTP" in delivery.error
    assert not api.got


def news(provider, delivery, what):
    """The documented body of one event."""
    key, to = delivery.key.hex, delivery.address
    return {
        "mailgun": {
            "signature": {"timestamp": "1", "token": "t", "signature": "s"},
            "event-data": {
                "event": {"delivered": "delivered", "failed": "failed"}[what], "severity": "permanent", "reason": "bounce", "timestamp": 1529006854.3,
                "id": "e", "recipient": to, "message": {"headers": {"message-id": "x@mg.example"}}, "user-variables": {"delivery": key},
                "delivery-status": {"code": 550, "message": "", "description": "no such user"},
            },
        },
        "postmark": {
            "RecordType": {"delivered": "Delivery", "failed": "Bounce"}[what], "Type": "HardBounce", "MessageID": "pm-1", "Email": to, "Recipient": to,
            "DeliveredAt": "2026-01-01T00:00:00Z", "BouncedAt": "2026-01-01T00:00:00Z", "Description": "no such user", "Metadata": {"delivery": key},
        },
        "brevo": {
            "event": {"delivered": "delivered", "failed": "hard_bounce"}[what], "email": to, "id": 1, "message-id": "<b@brevo.example>",
            "ts_event": 1529006854, "ts": 1529006854, "date": "2026-01-01 00:00:00", "reason": "no such user", "X-Mailin-custom": json.dumps({"delivery": key}),
        },
        "resend": {
            "type": {"delivered": "email.delivered", "failed": "email.bounced"}[what], "created_at": "2026-01-01T00:00:00.000Z",
            "data": {
                "email_id": "r-1", "to": [to], "from": "a@b.example", "subject": "x", "created_at": "2026-01-01T00:00:00.000Z",
                "headers": [{"name": "X-Metadata", "value": json.dumps({"delivery": key})}], "bounce": {"message": "no such user", "type": "Permanent", "subType": "General"},
            },
        },
    }[provider]  # fmt: skip


@pytest.mark.parametrize("provider", sorted(WAYS))
def test_what_the_provider_tells_later_is_written_down(answered, client, mailbox, provider):
    delivery = answered(provider)
    url = reverse("provider-hook", args=[mailbox.uid, hook_token(mailbox)])
    assert client.post(url, news(provider, delivery, "delivered"), content_type="application/json").json() == {"known": 1}
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DELIVERED
    for _ in range(2):
        assert client.post(url, news(provider, delivery, "failed"), content_type="application/json").status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED and "no such user" in delivery.error
    assert delivery.message.conversation.messages.filter(data__what="not_delivered").count() == 1


def test_news_from_strangers_are_not_heard(answered, client, mailbox):
    delivery = answered("postmark")
    body = news("postmark", delivery, "failed")
    for token in ("", "x" * 32, hook_token(mailbox)[:-1]):
        url = reverse("provider-hook", args=[mailbox.uid, token or "-"])
        assert client.post(url, body, content_type="application/json").status_code == 404
    url = reverse("provider-hook", args=[mailbox.uid, hook_token(mailbox)])
    for nonsense in ("", "[]", "null", "{broken"):
        assert client.post(url, nonsense, content_type="application/json").status_code == 400
    assert client.post(url, body | {"Metadata": {"delivery": "0" * 32}}, content_type="application/json").json() == {"known": 0}
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


@pytest.mark.parametrize(("status", "name", "good"), [(200, "key", True), (401, "key", False), (404, "domain", False)])
@pytest.mark.parametrize("provider", sorted(WAYS))
def test_the_key_is_tried_before_it_is_saved(mailbox, api, provider, status, name, good):
    mailbox.provider, mailbox.provider_url = provider, api.url
    mailbox.keep_secret("provider_key", "a key")
    api.state["status"] = status
    steps = [(one.name, one.good) for one in probe(mailbox)]
    assert steps == [("connect", True), (name, good)]
