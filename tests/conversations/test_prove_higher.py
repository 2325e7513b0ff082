"""The two proofs above the app's code: a signature by a known withdrawal address, and the exchange's check of document and face."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations.prove import TRIES, Outcome, ask_for_proof, is_proven, keep_proof, proven_rung, rung_of_conversation
from kefu.conversations.prove_higher import NotPossible, document_check, is_begun, prove_by_address, text_to_sign
from kefu.conversations.receive import receive
from kefu.exchange.port import NotFound, Unavailable
from kefu.exchange.sandbox import address_of, signature_of
from kefu.people.identify import confirm, identify
from kefu.people.ladder import Rung
from kefu.people.models import Identity
from kefu.system.audit.models import AuditEntry

UID = "10000009"  # withdrew before; its own identity check is approved
ADDRESS = address_of(UID)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fictional(sandbox):
    """An exchange to ask."""


def report(mailbox="risk-review@customers.example", *, proven=True):
    if proven:
        confirm(identify("email", mailbox), Identity.Proof.MAILBOX)
    return receive(parse("email", mailbox, topic="", text="stuck", key=mailbox[:30], fields={}, language="en")).conversation


def sign(talk, *, text="", address=ADDRESS):
    return prove_by_address(talk, address=address, signature=signature_of(address, text or text_to_sign(talk, UID)))


def words(talk):
    return [m.data.get("what") for m in talk.messages.filter(kind="activity")]


def test_a_signature_by_a_known_address_leads_to_its_rung_and_nothing_of_it_is_kept():
    talk = report()
    assert sign(talk) == Outcome.PROVEN
    talk.refresh_from_db()
    assert is_proven(talk) and rung_of_conversation(talk, []) == Rung.ADDRESS and talk.proven_account == UID
    entry = AuditEntry.objects.get(act="account.proven")
    assert entry.detail["rung"] == 4 and ADDRESS not in str(entry.detail)
    said = receive(parse("email", "risk-review@customers.example", topic="", text="more", key="m", fields={}, language="en"))
    assert said.conversation != talk or said.message.data["rung"] == 4


def test_a_signature_for_another_ticket_another_hour_or_by_another_address_proves_nothing(time_machine):
    talk, other = report(), report("broadcast@customers.example")
    assert sign(talk, text=text_to_sign(other, UID)) == Outcome.WRONG
    assert sign(talk, address=address_of("10000010")) == Outcome.WRONG
    assert prove_by_address(talk, address="", signature="") == Outcome.WRONG
    old = text_to_sign(talk, UID, at=now() - timedelta(hours=2))
    assert sign(talk, text=old) == Outcome.WRONG
    assert sign(talk, text=text_to_sign(talk, UID, at=now() - timedelta(hours=1))) == Outcome.PROVEN


def test_guessing_ends_and_an_account_that_is_not_known_cannot_be_proven_so():
    talk = report()
    assert [sign(talk, text="x") for _ in range(TRIES + 1)] == [Outcome.WRONG] * TRIES + [Outcome.TOO_MANY]
    assert sign(report("somebody@mail.example", proven=False)) == Outcome.NO_ACCOUNT


def test_a_check_is_begun_once_passed_later_and_the_highest_rung():
    talk = report()
    assert document_check(talk).state == "open" and is_begun(talk) and not is_proven(talk)
    assert document_check(talk).state == "passed"
    talk.refresh_from_db()
    assert is_proven(talk) and proven_rung(talk) == Rung.DOCUMENT and words(talk).count("document_begun") == 1


def test_a_check_that_was_not_passed_is_told_to_the_cases_people_once():
    talk = report("kyc-blurry@customers.example")
    assert [document_check(talk).state for _ in range(3)] == ["open", "failed", "failed"]
    told = talk.messages.filter(kind="activity", data__what="document_failed")
    assert told.count() == 1 and not told.get().is_public and not is_proven(talk)


def test_a_lower_proof_takes_nothing_from_a_higher_one_and_an_agent_may_ask_for_more():
    talk = report()
    keep_proof(talk, UID, Rung.ADDRESS)
    keep_proof(talk, UID, Rung.APP)
    talk.refresh_from_db()
    assert proven_rung(talk) == Rung.ADDRESS
    ask_for_proof(talk, wanted=Rung.DOCUMENT)
    assert "proof_asked" in words(talk)


@pytest.mark.parametrize(("error", "outcome"), [(NotFound, Outcome.NOT_OFFERED), (Unavailable, Outcome.UNAVAILABLE)])
def test_an_exchange_that_offers_neither_or_is_ill_says_so(sandbox, monkeypatch, error, outcome):
    def fails(*args, **kwargs):
        raise error

    talk = report()
    monkeypatch.setattr(sandbox, "signed", fails)
    monkeypatch.setattr(sandbox, "identity_check", fails)
    assert sign(talk) == outcome
    with pytest.raises(NotPossible) as caught:
        document_check(talk)
    assert caught.value.outcome == outcome and not is_begun(talk)
