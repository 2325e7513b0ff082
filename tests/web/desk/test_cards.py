"""At the desk: what was proven, cards of what a customer mentions, and sleeping until the exchange has news."""

import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations.models import Watch
from kefu.conversations.prove import prove
from kefu.conversations.receive import receive
from kefu.exchange.sandbox import code_of, txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity
from kefu.system.audit.models import AuditEntry

MOVING = txid_of("10000001", "deposit", "Tron (TRC-20)")
pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def ticket(db):
    confirm(identify("email", "confirming@customers.example"), Identity.Proof.MAILBOX)
    return receive(
        parse("email", "confirming@customers.example", topic="", text=f"where is {MOVING}", key="k", fields={}, language="en")
    ).conversation


def test_the_rung_is_shown_for_the_conversation_and_for_each_message(ticket, agent, signed_in):
    client = signed_in(agent)
    page = client.get(f"/desk/{ticket.uid}/").content.decode()
    assert page.count("Controls the mailbox") >= 2 and "Ask for a proof" in page
    client.post(f"/desk/{ticket.uid}/proof/")
    assert ticket.messages.filter(kind="activity", data__what="proof_asked").exists()
    prove(ticket, code=code_of("10000001", now()))
    receive(parse("email", "confirming@customers.example", topic="", text="here", key="k2", fields={}, thread=ticket.uid.hex))
    page = client.get(f"/desk/{ticket.uid}/").content.decode()
    assert page.count("Confirmed by a code in the app") >= 2 and "Ask for a proof" not in page


def test_cards_are_looked_up_with_a_reason_and_an_open_panel_is_one_look(ticket, agent, signed_in):
    client = signed_in(agent)
    assert "500 USDT" not in client.get(f"/desk/{ticket.uid}/").content.decode()
    for _ in range(3):
        page = client.post(f"/desk/{ticket.uid}/cards/", {"reason": "case"}).content.decode()
        assert "500 USDT" in page and "12 / 20" in page and "Sleep until it changes" in page
    assert AuditEntry.objects.filter(act="customer.looked", detail__reason="case").count() == 1


def test_an_agent_puts_it_to_sleep_and_wakes_it(ticket, agent, signed_in):
    client = signed_in(agent)
    client.post(f"/desk/{ticket.uid}/sleeping/", {"kind": "transfer", "subject": MOVING})
    ticket.refresh_from_db()
    assert ticket.status == "on_hold" and Watch.objects.get().agent == agent
    page = client.get(f"/desk/{ticket.uid}/").content.decode()
    assert "Waits for" in page and "put it to sleep until this changes" in page
    again = client.post(f"/desk/{ticket.uid}/sleeping/", {"kind": "transfer", "subject": MOVING})
    assert again.status_code == 409
    client.post(f"/desk/{ticket.uid}/sleeping/", {"stop": "1"})
    ticket.refresh_from_db()
    assert ticket.status == "open" and Watch.objects.get().ended_at
    assert client.post(f"/desk/{ticket.uid}/sleeping/", {"kind": "nothing"}).status_code == 422
