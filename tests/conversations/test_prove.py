"""Proving the account inside a conversation by a code from the app: what it opens, what it does not, and how it fades."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations.errors import Conflict
from kefu.conversations.prove import LIFE, TRIES, Outcome, account_of, ask_for_proof, is_proven, prove
from kefu.conversations.receive import receive
from kefu.exchange.port import Unavailable
from kefu.exchange.sandbox import code_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity
from kefu.system.audit.models import AuditEntry

UID = "10000001"


@pytest.fixture(autouse=True)
def _fictional(sandbox):
    """An exchange to ask."""


def write(text, *, who="mia@mail.example", thread="", channel="webchat"):
    from kefu.channels.webchat.adapter import Sender
    from kefu.channels.webchat.adapter import parse as chat

    return receive(chat(Sender("browser", who), text=text, key=f"{who}{text}"[:60], language="en", thread=thread))


def words(talk):
    return [m.data.get("what") for m in talk.messages.filter(kind="activity")]


def test_a_guest_proves_an_account_by_uid_and_code(db):
    talk = write("hello").conversation
    assert account_of(talk) == ""
    assert prove(talk, code=code_of(UID, now())) == Outcome.NO_ACCOUNT
    assert prove(talk, code=code_of(UID, now()), uid=UID) == Outcome.PROVEN
    talk.refresh_from_db()
    assert account_of(talk) == UID and is_proven(talk) and "proven" in words(talk)
    entry = AuditEntry.objects.get(act="account.proven")
    assert code_of(UID, now()) not in str(entry.detail)


def test_each_message_keeps_on_which_rung_its_writer_stood(db):
    first = write("hello").message
    prove(first.conversation, code=code_of(UID, now()), uid=UID)
    second = write("and now", thread=first.conversation.uid.hex).message
    first.refresh_from_db()
    assert "rung" not in first.data and second.data["rung"] == 3


def test_a_proven_mailbox_stands_one_rung_up_and_a_link_no_higher(db):
    confirm(identify("email", "mia@mail.example"), Identity.Proof.MAILBOX)
    confirm(identify("exchange", UID), Identity.Proof.HOST_SITE)
    by_mailbox = receive(parse("email", "mia@mail.example", topic="", text="a", key="1", fields={}))
    signed_in = receive(parse("exchange", UID, topic="", text="b", key="2", fields={}))
    by_link = receive(parse("exchange", UID, topic="", text="c", key="3", fields={}, by_link=True))
    assert [one.message.data.get("rung") for one in (by_mailbox, signed_in, by_link)] == [1, 2, 1]


def test_the_proof_fades_after_a_day(db):
    talk = write("hello").conversation
    prove(talk, code=code_of(UID, now()), uid=UID)
    talk.refresh_from_db()
    talk.proven_at = now() - LIFE - timedelta(minutes=1)
    talk.save()
    assert not is_proven(talk) and account_of(talk) == ""


def test_a_known_account_can_be_proven_by_its_own_code_only(db):
    identity = identify("email", "credited@customers.example")
    confirm(identity, Identity.Proof.MAILBOX)
    talk = receive(parse("email", "credited@customers.example", topic="", text="a", key="1", fields={})).conversation
    assert prove(talk, code=code_of(UID, now()), uid=UID) == Outcome.WRONG
    assert prove(talk, code=code_of("10000002", now())) == Outcome.PROVEN
    talk.refresh_from_db()
    assert account_of(talk) == "10000002"


def test_guessing_ends_after_a_few_tries_and_is_told_at_the_desk(db):
    talk = write("hello").conversation
    wrong = f"{(int(code_of(UID, now())) + 1) % 10**6:06d}"
    tries = [prove(talk, code=wrong, uid=UID) for _ in range(TRIES + 3)]
    assert tries == [Outcome.WRONG] * TRIES + [Outcome.TOO_MANY] * 3
    assert prove(talk, code=code_of(UID, now()), uid=UID) == Outcome.TOO_MANY
    assert words(talk).count("proof_failed") == 1
    talk.refresh_from_db()
    assert not is_proven(talk)


def test_an_exchange_that_is_ill_or_knows_no_codes_proves_nothing(db, monkeypatch, sandbox):
    talk = write("hello").conversation

    def ill(*args, **kwargs):
        raise Unavailable("slow")

    monkeypatch.setattr(sandbox, "confirms", ill)
    assert prove(talk, code="123456", uid=UID) == Outcome.UNAVAILABLE
    assert prove(talk, code="123456", uid="99") == Outcome.UNAVAILABLE


def test_a_proof_is_asked_for_once_it_is_missing(db, agent):
    talk = write("hello").conversation
    ask_for_proof(talk, by=agent)
    prove(talk, code=code_of(UID, now()), uid=UID)
    with pytest.raises(Conflict):
        ask_for_proof(talk, by=agent)


def test_the_bot_answers_from_the_account_that_the_app_proved(db, settle):
    talk = write("hello").conversation
    prove(talk, code=code_of("10000019", now()), uid="10000019")
    write("why was my kyc rejected", thread=talk.uid.hex)
    settle()
    said = "\n".join(m.body for m in talk.messages.filter(kind="bot"))
    assert "identity verification is **rejected**" in said and "blurred" in said
