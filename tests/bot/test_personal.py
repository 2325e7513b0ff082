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


@pytest.mark.parametrize(
    ("text", "mailbox", "language", "words"),
    [
        (
            "where is my withdrawal, it is still not here",
            "risk-review@customers.example",
            "en",
            ["withdrawal of **120000 USDT**", "under review"],
        ),
        ("提现还没到，怎么回事", "broadcast@customers.example", "zh-hans", ["提现 **2 ETH**"]),
        ("my deposit of 120.5 USDT is missing", "credited@customers.example", "en", ["120.5 USDT", "credited"]),
        ("Which permissions does my API key have?", "api-no-ip@customers.example", "en", ["**bot**: read, trade", "from any address"]),
        ("我的 API 密钥过期了吗", "api-expired@customers.example", "zh-hans", ["market making", "已过期"]),
        ("what is my VIP level", "vip@customers.example", "en", ["VIP"]),
        ("我的费率等级是什么", "credited@customers.example", "zh-hans", ["普通等级", "挂单 0.1%，吃单 0.1%"]),
        ("what are my fees?", "vip@customers.example", "en", ["VIP 5", "maker 0%, taker 0.03%", "**USDT** on Tron (TRC-20): 1 USDT"]),
        ("我的手续费是多少？", "risk-review@customers.example", "zh-hans", ["VIP 4", "挂单 0.008%，吃单 0.032%", "1 USDT"]),
        ("我提现 USDT 的手续费多少", "credited@customers.example", "zh-hans", ["走 Ethereum (ERC-20)：4 USDT"]),
    ],
)
def test_transfers_keys_and_the_level_are_answered_from_the_account(db, settle, text, mailbox, language, words):
    said = ask(settle, text, mailbox, language=language)
    assert all(word in said for word in ["查了你的账户" if language == "zh-hans" else "looked it up in your account", *words]), said
    told = ask(settle, text + " ", f"guest-of-{mailbox}", language=language)
    assert "looked it up" not in told and "查了你的账户" not in told


def test_an_order_is_answered_by_its_number(db, settle, sandbox):
    order = sandbox.activity("10000026").value.orders[0]
    said = ask(settle, f"what happened to order {order.id}", "order-rejected@customers.example")
    assert order.id in said and "rejected" in said and "smaller than the least" in said
    assert "looked it up" not in ask(settle, f"what happened to order {order.id}", "partial-fill@customers.example")


def test_where_several_transfers_can_be_meant_or_none_the_assistant_does_not_guess(db, settle, sandbox, monkeypatch):
    from dataclasses import replace

    from kefu.exchange.port import Activity, Answer

    one = sandbox.activity("10000001").value.deposits[0]
    two = Answer(Activity(deposits=(one, replace(one, id="other", amount=one.amount + 1))), one.at)
    monkeypatch.setattr(sandbox, "activity", lambda uid: two)
    assert "looked it up" not in ask(settle, "where is my deposit", "confirming@customers.example")
    assert "looked it up" not in ask(settle, "where is my deposit of 3 BTC", "confirming@customers.example")
    assert "501 USDT" in ask(settle, "my deposit of 501 USDT is missing", "confirming@customers.example")


@pytest.mark.parametrize(
    "text", ["how do I deposit USDT?", "如何提现到银行卡", "how do I create an API key?", "what are the fees?", "手续费怎么算"]
)
def test_how_something_is_done_is_no_question_to_the_account(db, settle, text, sandbox, monkeypatch):
    def asked(*args):
        raise AssertionError("the exchange was asked")

    monkeypatch.setattr(sandbox, "activity", asked)
    monkeypatch.setattr(sandbox, "account", asked)
    assert "looked it up" not in ask(settle, text, "confirming@customers.example")
