"""The account beside the conversation: looked up with a reason that is recorded, old when the exchange is ill."""

import pytest

from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive
from kefu.exchange.port import NotFound, Unavailable
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity
from kefu.system.audit.models import AuditEntry


@pytest.fixture
def ticket(db):
    confirm(identify("email", "risk-review@customers.example"), Identity.Proof.MAILBOX)
    return receive(parse("email", "risk-review@customers.example", topic="", text="stuck", key="k", fields={}, language="en")).conversation


def test_a_look_shows_the_account_and_is_recorded(sandbox, ticket, agent, signed_in):
    page = signed_in(agent).post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).content.decode()
    assert "120000 USDT" in page and "under review" in page and "10000009" in page and "medium" in page
    assert "large amount" in page and "large_amount" not in page and "authenticator" in page and "English" in page
    entry = AuditEntry.objects.get(act="customer.looked")
    assert entry.detail == {"reason": "case"} and ticket.number in entry.subject


def test_fees_of_the_account_stand_beside_it_and_an_exchange_that_does_not_say_them_leaves_the_rest(
    sandbox, ticket, agent, signed_in, monkeypatch
):
    def look():
        return signed_in(agent).post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).content.decode()

    assert "VIP 4" in look() and "maker 0.008% · taker 0.032%" in look()

    def unknown(*args):
        raise NotFound

    monkeypatch.setattr(sandbox, "fees", unknown)
    assert "120000 USDT" in look() and "taker" not in look()


def test_without_a_reason_nothing_is_shown(sandbox, ticket, agent, signed_in):
    page = signed_in(agent).post(f"/desk/{ticket.uid}/account/", {}).content.decode()
    assert "120000" not in page and not AuditEntry.objects.filter(act="customer.looked").exists()


def test_an_unproven_customer_has_no_account_here(sandbox, agent, signed_in, db):
    made = receive(parse("email", "confirming@customers.example", topic="", text="hi", key="k", fields={}, language="en")).conversation
    page = signed_in(agent).post(f"/desk/{made.uid}/account/", {"reason": "case"}).content.decode()
    assert "has not proven an account" in page


def test_the_desk_goes_on_when_the_exchange_does_not_answer(sandbox, ticket, agent, signed_in, monkeypatch):
    def gone(*args):
        raise Unavailable

    monkeypatch.setattr(sandbox, "account", gone)
    answer = signed_in(agent).post(f"/desk/{ticket.uid}/account/", {"reason": "case"})
    assert answer.status_code == 200 and "does not answer" in answer.content.decode()


def test_an_auditor_looks_at_nobodys_account(sandbox, ticket, make_agent, signed_in):
    assert (
        signed_in(make_agent("aud", role="auditor", badge="5")).post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).status_code == 403
    )


def test_a_freeze_needs_a_reason_and_is_asked_for_once(sandbox, ticket, agent, signed_in):
    desk = signed_in(agent)
    page = desk.post(f"/desk/{ticket.uid}/freeze/", {"reason": " "}).content.decode()
    assert "Say why" in page and not sandbox.account("10000009").value.is_frozen
    for _ in range(2):
        page = desk.post(f"/desk/{ticket.uid}/freeze/", {"reason": "unknown withdrawal"}).content.decode()
    assert "the account is frozen" in page and "Freeze the account" not in page
    assert sandbox.account("10000009").value.is_frozen
    assert AuditEntry.objects.filter(act="account.frozen", detail={"reason": "unknown withdrawal"}).exists()
    assert "had the account frozen: “unknown withdrawal”" in desk.get(f"/desk/{ticket.uid}/").content.decode()


def test_a_freeze_that_did_not_arrive_says_so_loudly(sandbox, ticket, agent, signed_in, monkeypatch):
    def gone(*args, **kwargs):
        raise Unavailable

    monkeypatch.setattr(sandbox, "freeze", gone)
    page = signed_in(agent).post(f"/desk/{ticket.uid}/freeze/", {"reason": "unknown withdrawal"}).content.decode()
    assert "NOT frozen" in page and not AuditEntry.objects.filter(act="account.frozen").exists()


def test_the_end_of_a_freeze_waits_for_a_second_person(sandbox, ticket, agent, make_agent, signed_in, settle):
    sandbox.freeze("10000009", reason="stolen", request_id="r")
    desk, url = signed_in(agent), f"/desk/{ticket.uid}/freeze/"
    assert "Ask a second person" in desk.post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).content.decode()
    assert "Say why" in desk.post(url, {"end": "1", "reason": ""}).content.decode()
    assert "Waiting for a second person" in desk.post(url, {"end": "1", "reason": "owner"}).content.decode()
    assert "asked for here already" in desk.post(url, {"end": "1", "reason": "owner"}).content.decode()
    assert sandbox.account("10000009").value.is_frozen
    boss = signed_in(make_agent("boss", role="supervisor", badge="1003"))
    wish = ticket.approvals.get()
    assert "UID 10000009" in boss.get(f"/desk/{ticket.uid}/").content.decode()
    boss.post(f"/desk/approvals/{wish.pk}/", {"do": "approve"})
    settle()
    assert not sandbox.account("10000009").value.is_frozen
    assert "had the freeze of the account ended: “owner”" in boss.get(f"/desk/{ticket.uid}/").content.decode()


def test_a_freeze_that_the_exchange_declines_is_none(sandbox, ticket, agent, signed_in, monkeypatch):
    monkeypatch.setattr(sandbox, "freeze", lambda *_a, **_k: sandbox._answer(False))
    page = signed_in(agent).post(f"/desk/{ticket.uid}/freeze/", {"reason": "unknown withdrawal"}).content.decode()
    assert "NOT frozen" in page and not AuditEntry.objects.filter(act="account.frozen").exists()


def test_some_fields_are_for_leaders_only(sandbox, ticket, agent, make_agent, signed_in, settings):
    settings.EXCHANGE_LEADERS_ONLY = ["account.email", "activity.withdrawals"]
    page = signed_in(agent).post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).content.decode()
    assert "risk-review@customers.example" not in page and "120000" not in page
    assert "Hidden from your role: mailbox, withdrawals" in page
    page = (
        signed_in(make_agent("sup", role="supervisor", badge="6")).post(f"/desk/{ticket.uid}/account/", {"reason": "case"}).content.decode()
    )
    assert "risk-review@customers.example" in page and "120000" in page and "Hidden" not in page
