"""Whatever a ticket goes through, also with an exchange that is slow, broken or lying: no log says who it was about."""

import logging
import sys
from pathlib import Path

import httpx
import pytest
from django.utils.timezone import now

from kefu.channels.form.adapter import parse
from kefu.conversations.links import status_address
from kefu.conversations.models import Watch
from kefu.conversations.receive import receive
from kefu.exchange.http import HttpExchange
from kefu.exchange.sandbox import code_of, txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity

sys.path.insert(0, str(Path(__file__).parents[1] / "exchange"))

from double import KEY, SECRET, Double

MAILBOX, UID, WORDS = "confirming@customers.example", "10000001", "my own words about a wallet"
TXID = txid_of(UID, "deposit", "Tron (TRC-20)")


@pytest.fixture
def double(monkeypatch, sandbox):
    """An exchange over HTTP that can be ill, wherever the port is asked for."""
    made = Double()
    port = HttpExchange(made.url, KEY, SECRET)
    port.client.timeout = httpx.Timeout(0.3)
    for name, module in list(sys.modules.items()):
        if name.startswith("kefu.") and callable(getattr(module, "exchange", None)):
            monkeypatch.setattr(module, "exchange", lambda: port)
    yield made
    made.close()


@pytest.mark.parametrize("mood", ["well", "broken", "slow", "html", "lying"])
def test_no_log_holds_a_mailbox_an_account_a_txid_a_code_or_words(double, mood, caplog, client, agent, signed_in, settle, monkeypatch):
    monkeypatch.setattr("kefu.exchange.http.FRESH", 0.0)
    with caplog.at_level(logging.DEBUG, logger="kefu"), caplog.at_level(logging.INFO):
        confirm(identify("email", MAILBOX), Identity.Proof.MAILBOX)
        talk = receive(parse("email", MAILBOX, topic="", text=f"{WORDS} {TXID}", key="k", fields={}, language="en")).conversation
        settle()
        address = status_address(talk)
        client.post(f"{address}watch/", {"subject": TXID})
        double.mood = mood
        Watch.objects.update(next_look_at=now())
        code = code_of(UID, now())
        for path, data in (("proof/", {"code": code, "uid": UID}), ("replies/", {"text": WORDS}), ("watch/", {"subject": TXID})):
            assert client.post(address + path, data).status_code in {200, 302, 422}
        assert client.get(f"{address}cards/").status_code == 200 and client.get(address).status_code == 200
        desk = signed_in(agent)
        assert desk.get(f"/desk/{talk.uid}/").status_code == 200
        page = desk.post(f"/desk/{talk.uid}/account/", {"reason": "case"})
        assert page.status_code == 200 and "500 USDT" in page.content.decode()
        assert ("this is how it stood" in page.content.decode()) == (mood != "well")
        assert desk.post(f"/desk/{talk.uid}/cards/", {"reason": "case"}).status_code == 200
        from kefu.conversations.wake import look_due

        look_due()
        settle()
    told = "\n".join(f"{record.name} {record.getMessage()} {record.exc_text or ''}" for record in caplog.records if record.name != "httpx")
    assert "exchange" in told
    for secret in (MAILBOX, "confirming", UID, TXID, TXID[:12], WORDS, code):
        assert secret not in told, secret
