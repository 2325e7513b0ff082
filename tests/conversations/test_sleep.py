"""Asleep until the exchange has news: woken once, told to the customer, ended by the deadline or by a wish."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations import wake
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Watch
from kefu.conversations.receive import receive
from kefu.conversations.sleep import sleep, stop
from kefu.conversations.snooze import snooze
from kefu.exchange import sandbox as stories
from kefu.exchange.port import Kyc, Unavailable
from kefu.exchange.sandbox import txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity

TXID = txid_of("10000001", "deposit", "Tron (TRC-20)")


@pytest.fixture(autouse=True)
def _fictional(sandbox):
    """An exchange to ask."""


@pytest.fixture
def ticket(db):
    address = "confirming@customers.example"
    confirm(identify("email", address), Identity.Proof.MAILBOX)
    return receive(parse("email", address, topic="", text=f"where is {TXID}", key="k", fields={}, language="en")).conversation


@pytest.fixture
def becomes(monkeypatch):
    """becomes("credited"): from now on the deposit stands so."""

    def change(state):
        told = stories._deposit
        monkeypatch.setattr(stories, "_deposit", lambda uid, data, at: told(uid, {**data, "state": state}, at))

    return change


def due(settle):
    Watch.objects.update(next_look_at=now())
    wake.look_due()
    settle()


def said(talk):
    return [m.body for m in talk.messages.filter(kind="bot").order_by("seq")]


def words(talk):
    return [m.data.get("what") for m in talk.messages.filter(kind="activity")]


def test_a_ticket_sleeps_until_the_deposit_is_credited_and_its_customer_is_told_once(ticket, settle, becomes):
    settle()
    sleep(ticket, kind="transfer", subject=TXID)
    ticket.refresh_from_db()
    assert ticket.status == "on_hold" and ticket.snoozed_until
    before = len(said(ticket))
    due(settle)
    assert len(said(ticket)) == before
    becomes("credited")
    due(settle)
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "pending" and ticket.snoozed_until is None
    assert len(said(ticket)) == before + 1 and "500 USDT" in said(ticket)[-1] and "credited" in said(ticket)[-1]
    assert ticket.messages.get(body=said(ticket)[-1]).deliveries.count() == 1
    assert words(ticket).count("watch_ended") == 1


def test_bad_news_bring_it_to_a_person(ticket, settle, becomes):
    sleep(ticket, kind="transfer", subject=TXID)
    becomes("wrong_network")
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "open" and ticket.waiting_since and "wrong network" in said(ticket)[-1]


def test_without_news_the_deadline_brings_it_to_a_person(ticket, settle):
    sleep(ticket, kind="transfer", subject=TXID, until=now() + timedelta(hours=1))
    Watch.objects.update(until=now() - timedelta(seconds=1))
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "open" and ticket.snoozed_until is None and "not come to its end" in said(ticket)[-1]
    assert Watch.objects.get().outcome == "deadline"


def test_an_exchange_that_does_not_answer_wakes_nobody_but_the_deadline_holds(ticket, settle, sandbox, monkeypatch):
    sleep(ticket, kind="transfer", subject=TXID)

    def ill(*args):
        raise Unavailable("down")

    monkeypatch.setattr(sandbox, "activity", ill)
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "on_hold" and Watch.objects.get().ended_at is None
    Watch.objects.update(until=now())
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_the_customer_can_take_the_wish_back(ticket, settle, becomes):
    settle()
    sleep(ticket, kind="transfer", subject=TXID)
    assert stop(ticket) == 1 and stop(ticket) == 0
    ticket.refresh_from_db()
    assert ticket.status == "open" and ticket.snoozed_until is None
    before = len(said(ticket))
    becomes("credited")
    due(settle)
    assert len(said(ticket)) == before


def test_words_of_the_customer_wake_it_and_the_news_are_told_all_the_same(ticket, settle, becomes):
    sleep(ticket, kind="transfer", subject=TXID)
    receive(parse("email", "confirming@customers.example", topic="", text="hello?", key="k2", fields={}, thread=ticket.uid.hex))
    ticket.refresh_from_db()
    assert ticket.status == "open" and ticket.snoozed_until is None
    becomes("credited")
    due(settle)
    ticket.refresh_from_db()
    assert ticket.status == "open" and "credited" in said(ticket)[-1]


def test_an_agent_puts_it_to_sleep_and_brings_it_back(ticket, agent):
    sleep(ticket, kind="transfer", subject=TXID, by=agent, until=now() + timedelta(days=1))
    snooze(ticket, until=None, by=agent)
    ticket.refresh_from_db()
    assert ticket.status == "open" and Watch.objects.get().outcome == "stopped"


def test_what_has_come_to_its_end_a_stranger_s_or_an_unproven_account_is_not_waited_for(ticket, db, becomes):
    other = txid_of("10000002", "deposit", "Tron (TRC-20)")
    watch = sleep(ticket, kind="transfer", subject=other)
    assert watch.state == "unknown" and watch.label == "", "of a stranger's transfer nothing is said"
    with pytest.raises(Conflict):
        sleep(ticket, kind="transfer", subject=other)
    guest = receive(parse("email", "guest@mail.example", topic="", text="hi", key="g", fields={})).conversation
    with pytest.raises(NotAllowed):
        sleep(guest, kind="transfer", subject=TXID)
    becomes("credited")
    with pytest.raises(Conflict):
        sleep(ticket, kind="transfer", subject=TXID)
    with pytest.raises(ValueError):
        sleep(ticket, kind="weather", subject="x")


def test_a_pending_identity_check_can_be_waited_for(db, settle, monkeypatch):
    address = "kyc-pending@customers.example"
    confirm(identify("email", address), Identity.Proof.MAILBOX)
    talk = receive(parse("email", address, topic="", text="how long", key="k", fields={}, language="zh-hans")).conversation
    sleep(talk, kind="identity", subject="kyc")
    monkeypatch.setattr(stories, "_kyc_of", lambda uid: Kyc("rejected", 0, "document_blurry", ("document",)))
    due(settle)
    talk.refresh_from_db()
    assert talk.status == "open" and Watch.objects.get().state == "rejected"


def test_looks_become_rarer():
    assert wake.pause(timedelta(minutes=1)) < wake.pause(timedelta(hours=1)) < wake.pause(timedelta(hours=5))
