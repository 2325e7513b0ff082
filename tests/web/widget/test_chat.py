"""The chat window over HTTP: with and without script, with bad input, as a stranger."""

import io
import json
import re
import time

import jwt
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kefu.conversations.models import Conversation, Message
from kefu.people.models import Customer
from kefu.web.visitor import make_token

pytestmark = pytest.mark.django_db
CHAT = "/en/chat/"
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def visitor():
    """A browser that has opened the chat page."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(CHAT).content.decode()
    client.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client


def post(client, path, headers=FETCH, **data):
    return client.post(f"{CHAT}{path}", {"csrfmiddlewaretoken": client.token, **data}, **headers)


def test_it_works_without_script(visitor):
    answer = post(visitor, "messages/", headers={}, text="hello")
    assert answer.status_code == 302
    assert "hello" in visitor.get(CHAT).content.decode()


def test_the_same_send_twice_is_one_message(visitor):
    first = post(visitor, "messages/", text="hello", key="k")
    second = post(visitor, "messages/", text="hello", key="k", talk=first["X-Talk"])
    assert first["X-Seq"] == second["X-Seq"] and Message.objects.filter(kind="customer").count() == 1


def test_an_empty_message_and_one_too_long_are_refused_and_the_words_given_back(visitor):
    assert post(visitor, "messages/", text="  ").status_code == 422
    long = "x" * 20_001
    assert "20,000" in post(visitor, "messages/", text=long).content.decode()
    page = post(visitor, "messages/", headers={}, text=long)
    assert page.status_code == 422 and long in page.content.decode()


def test_a_stale_form_gets_a_clear_page(visitor):
    visitor.token = "stale"
    answer = post(visitor, "messages/", headers={}, text="hello")
    assert answer.status_code == 403 and Conversation.objects.count() == 0
    assert "<h1" in answer.content.decode()


def test_a_stranger_sees_neither_talk_nor_stream_nor_transcript(visitor):
    talk = post(visitor, "messages/", text="my secret story")["X-Talk"]
    stranger = Client()
    for path in (f"live/?talk={talk}", f"messages/?talk={talk}", f"transcript.html?talk={talk}", f"transcript.json?talk={talk}"):
        assert stranger.get(CHAT + path).status_code == 404
    assert "my secret story" not in stranger.get(CHAT).content.decode()


@pytest.mark.parametrize("token", ["", "x", make_token.__name__, "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_visitor_token_is_a_stranger(visitor, token):
    post(visitor, "messages/", text="hello")
    assert "hello" not in Client().get(f"{CHAT}panel/?v={token}").content.decode()


def test_the_token_alone_is_enough_in_an_embedded_window(visitor):
    post(visitor, "messages/", text="hello")
    token = re.search(r'data-visitor="([^"]+)"', visitor.get(CHAT).content.decode())[1]
    other = Client(enforce_csrf_checks=True)
    assert "hello" in other.get(f"{CHAT}panel/", {"v": token}).content.decode()
    assert other.post(f"{CHAT}messages/", {"v": token, "text": "again", "key": "k2"}, **FETCH).status_code == 200


def test_only_the_embedded_page_may_be_framed(client):
    assert "frame-ancestors *" in client.get(f"{CHAT}?embed=1")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/en/")["Content-Security-Policy"]


def test_a_seed_phrase_never_lands_and_the_customer_is_told(visitor):
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    answer = post(visitor, "messages/", text=phrase)
    assert "sausage" not in answer.content.decode()
    assert "We did not keep it" in visitor.get(CHAT).content.decode()
    assert not Message.objects.filter(body__contains="sausage").exists()


def test_files_are_taken_refused_and_sent_along(visitor, settings):
    talk = post(visitor, "messages/", text="hello")["X-Talk"]

    def send(name, content):
        return post(visitor, "files/", talk=talk, file=SimpleUploadedFile(name, content))

    stored = send("log.txt", b"line one")
    assert stored.status_code == 200
    assert post(visitor, "messages/", talk=talk, text="", file=stored.json()["uid"]).status_code == 200
    page = visitor.get(CHAT).content.decode()
    address = re.search(r'href="(/files/[^"]+)"', page)[1]
    assert b"".join(Client().get(address).streaming_content) == b"line one"
    assert Client().get(address + "x").status_code == 410
    assert send("virus.exe", b"MZ123").status_code == 422
    settings.UPLOAD_LIMIT = 4
    assert send("big.txt", b"12345").status_code == 413
    assert post(visitor, "files/", talk=talk).status_code == 422


def test_asking_for_a_person_waiting_and_leaving(visitor, settle):
    talk = post(visitor, "messages/", text="hello")["X-Talk"]
    post(visitor, "person/", talk=talk)
    settle()
    page = visitor.get(CHAT).content.decode()
    assert 'id="queue"' in page and "data-queue-position>1<" in page
    bad = post(visitor, "left-message/", talk=talk, email="nonsense")
    assert bad.status_code == 422 and "mail address" in bad.content.decode()
    post(visitor, "left-message/", talk=talk, email="li@example.org")
    assert Conversation.objects.get().fields["reply_to"] == "li@example.org"


def test_a_transcript_comes_as_page_json_and_pdf_without_notes(visitor, agent):
    from kefu.conversations.note import note
    from kefu.conversations.reply import reply

    talk = post(visitor, "messages/", text="你好，充值没到")["X-Talk"]
    conversation = Conversation.objects.get()
    reply(conversation, "We are on it", agent=agent)
    note(conversation, "internal thing", agent=agent)
    page = visitor.get(f"{CHAT}transcript.html?talk={talk}").content.decode()
    data = json.loads(visitor.get(f"{CHAT}transcript.json?talk={talk}").content)
    pdf = visitor.get(f"{CHAT}transcript.pdf?talk={talk}")
    assert "We are on it" in page and "internal thing" not in page
    assert [m["text"] for m in data["messages"]] == ["你好，充值没到", "We are on it"] and data["number"] == conversation.number
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    assert visitor.get(f"{CHAT}transcript.exe?talk={talk}").status_code == 404


class TestHostIdentity:
    key = "k" * 40

    def token(self, key=None, **claims):
        at = int(time.time())
        body = {"sub": "48210396", "aud": "kefu", "iat": at, "exp": at + 300, "name": "Li", "tier": 3, **claims}
        return jwt.encode({k: v for k, v in body.items() if v is not None}, key or self.key, "HS256")

    def ask(self, client, token):
        return client.post("/widget/identity/", {"token": token})

    def test_a_signed_visitor_is_a_verified_customer(self, client, settings):
        settings.IDENTITY_SECRET = self.key
        answer = self.ask(client, self.token())
        assert answer.status_code == 200 and answer.json()["visitor"]
        customer = Customer.objects.get()
        assert (customer.exchange_uid, customer.tier, customer.is_verified) == ("48210396", 3, True)

    @pytest.mark.parametrize(
        "claims",
        [{"exp": 1}, {"aud": "other"}, {"sub": None}, {"exp": None}, {"exp": int(time.time()) + 10**6}],
    )
    def test_an_expired_foreign_or_incomplete_token_is_refused_in_words(self, client, settings, claims):
        settings.IDENTITY_SECRET = self.key
        answer = self.ask(client, self.token(**claims))
        assert answer.status_code == 403 and answer.json()["error"] and answer.json()["reason"]

    def test_a_wrong_key_no_algorithm_and_no_secret_are_refused(self, client, settings):
        settings.IDENTITY_SECRET = self.key
        assert self.ask(client, self.token(key="x" * 40)).status_code == 403
        assert self.ask(client, jwt.encode({"sub": "1"}, "", "none")).status_code == 403
        settings.IDENTITY_SECRET = ""
        assert self.ask(client, self.token()).status_code == 403
        assert Customer.objects.count() == 0


def test_whoever_writes_too_fast_is_asked_to_wait_and_loses_nothing(visitor, monkeypatch):
    monkeypatch.setattr("kefu.system.rate.time.time", lambda: 1_800_000_000.0)  # one minute, however long the test takes
    answers = [post(visitor, "messages/", text=f"m{n}") for n in range(32)]
    assert answers[-1].status_code == 429 and Message.objects.filter(kind="customer").count() == 30


def test_bytes_that_are_no_picture_are_no_picture(visitor):
    talk = post(visitor, "messages/", text="hello")["X-Talk"]
    answer = post(visitor, "files/", talk=talk, file=SimpleUploadedFile("x.png", io.BytesIO(b"nope").read()))
    assert answer.status_code == 422


def test_the_bots_answer_about_a_transfer_carries_a_live_card_and_offers_to_watch_it(settle, sandbox):
    from kefu.channels.webchat.adapter import Sender
    from kefu.conversations.models import Watch
    from kefu.exchange.sandbox import txid_of
    from kefu.people.identify import confirm, identify
    from kefu.people.models import Identity

    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")
    confirm(identify("email", "confirming@customers.example"), Identity.Proof.MAILBOX)
    token = make_token(Sender("email", "confirming@customers.example"))
    client = Client()
    said = client.post(f"{CHAT}messages/", {"text": f"where is {txid}", "v": token}, **FETCH)
    settle()
    talk = said["X-Talk"]
    assert f"txid={txid}" in client.get(f"{CHAT}messages/", {"talk": talk, "v": token}).content.decode()
    card = client.get(f"{CHAT}cards/", {"talk": talk, "txid": txid, "v": token}).content.decode()
    assert "12 / 20" in card and "Tell me when it changes" in card
    client.post(f"{CHAT}watch/", {"talk": talk, "subject": txid, "v": token}, **FETCH)
    assert Watch.objects.get().conversation.stage == "bot"
    other = make_token(Sender("browser", "stranger"))
    assert client.get(f"{CHAT}cards/", {"talk": talk, "txid": txid, "v": other}).status_code == 404
    assert client.post(f"{CHAT}watch/", {"talk": talk, "stop": "1", "v": other}, **FETCH).status_code == 404
    client.post(f"{CHAT}watch/", {"talk": talk, "stop": "1", "v": token}, **FETCH)
    assert Watch.objects.get().ended_at


def account_holder(name="confirming"):
    """A browser signed in to the chat as a customer of the sandbox with a proven mailbox: asks and says with its token."""
    from kefu.channels.webchat.adapter import Sender
    from kefu.people.identify import confirm, identify
    from kefu.people.models import Identity

    confirm(identify("email", f"{name}@customers.example"), Identity.Proof.MAILBOX)
    return make_token(Sender("email", f"{name}@customers.example"))


def test_under_a_customers_own_words_stands_how_what_they_name_is_at_the_exchange(settle, sandbox):
    from kefu.exchange.sandbox import txid_of

    token, client = account_holder(), Client()
    txid, address = txid_of("10000001", "deposit", "Tron (TRC-20)"), "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC"
    said = client.post(f"{CHAT}messages/", {"text": f"a person please: {txid} to {address}", "v": token}, **FETCH)
    where = {"talk": said["X-Talk"], "seq": said["X-Seq"], "v": token}
    assert f"seq={said['X-Seq']}" in said.content.decode()
    card = client.get(f"{CHAT}cards/", where).content.decode()
    assert "12 / 20" in card and "Tell me when it changes" in card and address in card
    other = make_token_of_a_stranger()
    assert client.get(f"{CHAT}cards/", where | {"v": other}).status_code == 404
    plain = client.post(f"{CHAT}messages/", {"text": "thank you", "v": token, "talk": said["X-Talk"]}, **FETCH)
    assert "cards/" not in plain.content.decode()
    nothing = client.get(f"{CHAT}cards/", where | {"seq": plain["X-Seq"]}).content.decode()
    assert nothing.strip() == "" and client.get(f"{CHAT}cards/", where | {"seq": "x"}).status_code == 204


def test_what_the_assistants_answer_shows_a_card_of_is_not_shown_under_the_question_too(settle, sandbox):
    from kefu.exchange.sandbox import txid_of

    token, client = account_holder(), Client()
    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")
    said = client.post(f"{CHAT}messages/", {"text": f"where is {txid}", "v": token}, **FETCH)
    settle()
    assert Message.objects.filter(kind="bot", data__card=txid).exists()
    where = {"talk": said["X-Talk"], "seq": said["X-Seq"], "v": token}
    assert "12 / 20" not in client.get(f"{CHAT}cards/", where).content.decode()


def test_a_guest_learns_no_more_of_a_transfer_than_that_an_account_must_be_proven(sandbox):
    from kefu.exchange.sandbox import txid_of

    token, client = make_token_of_a_stranger(), Client()
    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")
    said = client.post(f"{CHAT}messages/", {"text": f"where is {txid}", "v": token}, **FETCH)
    card = client.get(f"{CHAT}cards/", {"talk": said["X-Talk"], "seq": said["X-Seq"], "v": token}).content.decode()
    assert "Prove your account" in card and "120.5" not in card and "12 / 20" not in card


def make_token_of_a_stranger():
    from kefu.channels.webchat.adapter import Sender

    return make_token(Sender("browser", "stranger"))


def test_a_guest_in_the_chat_proves_an_account_by_the_app(settle, sandbox):
    from django.utils.timezone import now

    from kefu.channels.webchat.adapter import Sender
    from kefu.exchange.sandbox import code_of

    token = make_token(Sender("browser", "guest-1"))
    client = Client()
    talk = client.post(f"{CHAT}messages/", {"text": "hello", "v": token}, **FETCH)["X-Talk"]
    asked = client.post(f"{CHAT}proof/", {"talk": talk, "v": token}, **FETCH).content.decode()
    assert 'name="code"' in asked
    wrong = client.post(f"{CHAT}proof/", {"talk": talk, "code": "000001", "uid": "10000001", "v": token}, **FETCH).content.decode()
    assert "does not fit" in wrong
    plain = client.post(f"{CHAT}proof/", {"talk": talk, "code": "000001", "uid": "10000001", "v": token})
    assert plain.status_code == 422 and "does not fit" in plain.content.decode()
    client.post(f"{CHAT}proof/", {"talk": talk, "code": code_of("10000001", now()), "uid": "10000001", "v": token}, **FETCH)
    assert Conversation.objects.get().proven_account == "10000001"
