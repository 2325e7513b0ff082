"""Answers from the account: for the proven owner only, and it says what it looked up."""

import pytest

from kefu.channels.webchat.adapter import Sender, parse
from kefu.conversations.receive import receive
from kefu.exchange import choose
from kefu.exchange.port import Unavailable
from kefu.exchange.sandbox import Sandbox, txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity


@pytest.fixture(autouse=True)
def sandbox(monkeypatch):
    made = Sandbox()
    choose.exchange.cache_clear()
    monkeypatch.setattr("kefu.exchange.choose.exchange", lambda: made)
    monkeypatch.setattr("kefu.exchange.cards.exchange", lambda: made)
    monkeypatch.setattr("kefu.bot.personal.exchange", lambda: made)
    return made


def ask(settle, text, mailbox, *, proven=True, language="en"):
    identity = identify("email", mailbox)
    if proven:
        confirm(identity, Identity.Proof.MAILBOX)
    talk = receive(parse(Sender("email", mailbox), text=text, key=text[:20], language=language)).conversation
    settle()
    return "\n".join(m.body for m in talk.messages.filter(kind="bot"))


def test_a_txid_of_ones_own_is_answered_with_its_state(db, settle):
    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")
    said = ask(settle, f"where is my deposit {txid}", "confirming@customers.example")
    assert "looked it up in your account" in said and "500 USDT" in said and "12 of 20" in said


def test_a_strangers_txid_or_an_unproven_mailbox_tells_nothing(db, settle):
    txid = txid_of("10000001", "deposit", "Tron (TRC-20)")
    assert "500 USDT" not in ask(settle, f"where is {txid}", "credited@customers.example")
    assert "500 USDT" not in ask(settle, f"where is my {txid}", "confirming@customers.example", proven=False)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("why was my KYC rejected?", "en", ["rejected", "blurred", "all four corners"]),
        ("为什么我的身份认证被拒绝", "zh-hans", ["已拒绝", "模糊", "四角完整"]),
    ],
)
def test_a_rejected_identity_check_is_answered_from_the_account(db, settle, text, language, words):
    said = ask(settle, text, "kyc-blurry@customers.example", language=language)
    assert all(word in said for word in words), said


def test_an_exchange_that_does_not_answer_leaves_the_bot_working(db, settle, sandbox, monkeypatch, article):
    def gone(*args, **kwargs):
        raise Unavailable

    for name in ("account", "uid_of", "transaction", "activity"):
        monkeypatch.setattr(sandbox, name, gone)
    assert "Check the confirmations" in ask(settle, "where is my deposit", "confirming@customers.example")
