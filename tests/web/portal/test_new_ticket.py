"""Reporting a problem: the form, its checks, the mailbox proof, files, and what comes of it."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from kefu.conversations.models import Conversation, Message
from kefu.people.models import Identity, Team
from kefu.topics.models import Topic, TopicTranslation

TXID = "7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture
def topic(db):
    team = Team.objects.create(slug="funds", name="充提组", name_en="Funds")
    made = Topic.objects.create(
        slug="deposits",
        team=team,
        urgency="high",
        fields=[
            {"name": "txid", "type": "txid", "required": True, "label": {"en": "TxID"}},
            {"name": "amount", "type": "amount", "required": False, "label": {"en": "Amount"}},
            {"name": "coin", "type": "text", "required": False, "label": {"en": "Coin"}},
        ],
    )
    TopicTranslation.objects.create(topic=made, language="en", name="Deposits")
    return made


@pytest.fixture
def code(client):
    """Ask for a code as the form does, and read it from the mail."""

    def ask(address="mia@mail.example"):
        client.get("/en/tickets/new/deposits/")
        answer = client.post("/en/tickets/code/", {"email": address})
        assert b"Sent to" in answer.content, answer.content
        return re.search(r"\d{6}", mail.outbox[-1].body)[0]

    return ask


def fill(**changed):
    form = {"f_txid": TXID, "f_amount": "1,500", "f_coin": "USDT", "text": "My deposit is missing", "urgency": "normal", "key": "k1"}
    return {**form, **changed}


def test_a_guest_proves_the_mailbox_and_gets_a_number(client, topic, code):
    answer = client.post("/en/tickets/new/deposits/", fill(email="Mia@mail.example", code=code()))
    assert answer.status_code == 302
    made = Conversation.objects.get()
    assert made.fields == {"txid": TXID, "amount": "1500", "coin": "USDT"}
    assert (made.channel, made.stage, made.team.slug) == ("form", "none", "funds")
    assert made.customer.identities.get().proof == Identity.Proof.MAILBOX
    page = client.get(answer["Location"])
    assert made.number in page.content.decode()
    assert made.priority_reasons[0]["code"] == "topic"


def test_the_same_form_sent_twice_is_one_ticket(client, topic, code):
    given = fill(email="mia@mail.example", code=code())
    client.post("/en/tickets/new/deposits/", given)
    client.post("/en/tickets/new/deposits/", {**given, "code": code()})
    assert Conversation.objects.count() == 1


def test_without_the_code_nothing_is_sent_and_nothing_is_lost(client, topic, code):
    code()
    answer = client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code="000000"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert TXID in page and "My deposit is missing" in page and "mia@mail.example" in page
    assert "not the code that we sent" in page
    assert not Conversation.objects.exists()


def test_a_code_of_another_browser_or_of_another_mailbox_proves_nothing(client, topic, code, django_user_model):
    from django.test import Client

    given = code()
    stranger = Client()
    stranger.get("/en/tickets/new/deposits/")
    assert stranger.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=given)).status_code == 422
    assert client.post("/en/tickets/new/deposits/", fill(email="eva@mail.example", code=given)).status_code == 422


def test_a_code_is_used_up_after_a_few_wrong_tries(client, topic, code):
    right = code()
    for wrong in ("000001", "000002", "000003", "000004", "000005"):
        client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=wrong))
    assert client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=right)).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"f_txid": "12ab"}, "no complete TxID"),
        ({"f_txid": ""}, "needed to find the case"),
        ({"f_amount": "a lot"}, "Write a number"),
        ({"text": ""}, "Tell us in a sentence"),
        ({"urgency": "apocalyptic"}, "Select a valid choice"),
    ],
)
def test_wrong_input_says_what_to_do_and_keeps_the_rest(client, topic, code, wrong, words):
    answer = client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "USDT" in answer.content.decode()


def test_the_customers_own_urgent_is_one_bounded_voice(client, topic, code):
    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), urgency="urgent", text="URGENT!!! now"))
    made = Conversation.objects.get()
    assert made.priority < Conversation.Priority.URGENT
    assert any(reason["code"] == "chosen" for reason in made.priority_reasons)


def test_files_are_kept_over_an_error_and_come_with_the_ticket(client, topic, code):
    given = code()
    stored = client.post("/en/tickets/files/", {"file": SimpleUploadedFile("log.txt", b"some lines")}).json()
    wrong = client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code="000000", file=stored["uid"]))
    assert stored["uid"] in wrong.content.decode()
    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=given, file=stored["uid"]))
    assert [a.name for a in Message.objects.get(kind="customer").attachments.all()] == ["log.txt"]


def test_nobody_sends_a_strangers_file_with_a_form(client, topic, code):
    from django.test import Client

    stranger = Client()
    stranger.get("/en/tickets/new/deposits/")
    stored = stranger.post("/en/tickets/files/", {"file": SimpleUploadedFile("log.txt", b"some lines")}).json()
    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), file=stored["uid"]))
    assert not Message.objects.get(kind="customer").attachments.exists()


def test_a_file_sent_with_the_form_itself_works_without_script(client, topic, code):
    file = SimpleUploadedFile("log.txt", b"some lines")
    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), upload=file))
    assert Message.objects.get(kind="customer").attachments.count() == 1


def test_a_seed_phrase_in_a_form_is_removed_and_the_sender_told(client, topic, code):
    answer = client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), text=f"my words: {SEED}", f_coin=SEED))
    made = Conversation.objects.get()
    assert "sausage" not in str(made.fields) + made.subject + "".join(m.body for m in made.messages.all())
    assert "removed a secret" in client.get(answer["Location"]).content.decode()


def test_the_ticket_is_acknowledged_by_mail_with_a_link_that_opens_it(client, topic, code, settle):
    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code()))
    settle()
    made, sent = Conversation.objects.get(), mail.outbox[-1]
    assert sent.to == ["mia@mail.example"] and made.number in sent.subject
    assert sent.extra_headers["Auto-Submitted"] == "auto-replied"
    link = re.search(r"https?://[^/\s]+(/en/conversations/\S+)", sent.body)[1]
    assert made.number in client.get(link).content.decode()


def test_articles_that_answer_it_are_suggested(client, article):
    answer = client.post("/en/tickets/new/deposits/suggestions/", {"text": "my deposit has not arrived"})
    assert "My deposit has not arrived" in answer.content.decode()


def test_own_open_tickets_of_the_topic_are_offered_first(client, topic, code):
    from kefu.channels.webchat.adapter import Sender
    from kefu.web.visitor import COOKIE, make_token

    client.post("/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code()))
    client.cookies[COOKIE] = make_token(Sender("email", "mia@mail.example"))
    assert Conversation.objects.get().number in client.get("/en/tickets/new/deposits/").content.decode()


def test_an_unknown_topic_is_not_found(client, db):
    assert client.get("/en/tickets/new/cooking/").status_code == 404


def test_a_transfer_is_told_to_its_owner_only(client, topic, monkeypatch):
    from kefu.channels.webchat.adapter import Sender
    from kefu.exchange.sandbox import Sandbox, txid_of
    from kefu.people.identify import confirm, identify
    from kefu.web.visitor import COOKIE, make_token

    made = Sandbox()
    monkeypatch.setattr("kefu.exchange.choose.exchange", lambda: made)
    monkeypatch.setattr("kefu.exchange.cards.exchange", lambda: made)
    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")

    def check():
        return client.post("/en/tickets/check/", {"f_txid": txid}).content.decode()

    assert "Sign in" in check() and "500" not in check()
    for mailbox, words in (("credited@customers.example", "does not belong"), ("confirming@customers.example", "12 / 20")):
        confirm(identify("email", mailbox), Identity.Proof.MAILBOX)
        client.cookies[COOKIE] = make_token(Sender("email", mailbox))
        assert words in check()


@pytest.fixture
def networks(topic, monkeypatch):
    from kefu.exchange.sandbox import Sandbox

    monkeypatch.setattr("kefu.exchange.network_table.exchange", Sandbox)
    topic.fields = [
        {"name": "coin", "type": "coin", "required": True, "label": {"en": "Coin"}},
        {"name": "network", "type": "network", "required": True, "label": {"en": "Network"}},
    ]
    topic.save()


def ask_networks(client, coin, network=""):
    return client.post("/en/tickets/new/deposits/networks/", {"f_coin": coin, "f_network": network}).content.decode()


def test_coins_and_networks_are_offered_from_the_exchange_without_a_script(client, networks):
    page = client.get("/en/tickets/new/deposits/").content.decode()
    assert 'list="coin-list"' in page and '<option value="USDT">' in page
    assert "Ethereum (ERC-20)" in page and "deposits suspended" in page


@pytest.mark.parametrize(
    ("coin", "network", "said", "unsaid"),
    [
        ("usdt", "trc20", ["at least 1 USDT", "20 confirmations"], ["suspended", "memo"]),
        ("ETH", "ERC-20", ["Deposits on this network are suspended"], []),
        ("XRP", "XRP Ledger", ["needs a memo"], ["suspended."]),
        ("USDT", "Solana", ["We have no USDT on this network"], []),
        ("DOGE", "Dogecoin", ["do not list this coin"], []),
    ],
)
def test_what_holds_on_a_network_is_said_as_it_is_chosen(client, networks, coin, network, said, unsaid):
    page = ask_networks(client, coin, network)
    assert all(words in page for words in said) and not any(words in page for words in unsaid)


def test_a_coin_narrows_the_networks(client, networks):
    page = ask_networks(client, "sol")
    assert '<option value="Solana">' in page and '<option value="Bitcoin">' not in page


def test_other_words_are_taken_listed_ones_are_written_as_the_exchange_does_and_an_ill_exchange_takes_all(
    client, networks, code, monkeypatch
):
    def send(key, coin, network):
        return client.post(
            "/en/tickets/new/deposits/", fill(email="mia@mail.example", code=code(), key=key, f_coin=coin, f_network=network)
        )

    send("k1", "usdt", "erc20")
    send("k2", "DOGE", "Dogecoin")
    monkeypatch.setattr("kefu.exchange.network_table.exchange", lambda: None)
    assert "datalist" not in client.get("/en/tickets/new/deposits/").content.decode()
    send("k3", "usdt", "erc20")
    kept = [(c.fields["coin"], c.fields["network"]) for c in Conversation.objects.order_by("pk")]
    assert kept == [("USDT", "Ethereum (ERC-20)"), ("DOGE", "Dogecoin"), ("usdt", "erc20")]
