"""Mailboxes and mails for the tests of mail."""

from email.message import EmailMessage

import pytest

from kefu.channels.email.keep import keep
from kefu.channels.email.models import Mailbox, SeenMail


@pytest.fixture
def mailbox(db):
    return Mailbox.objects.create(address="support@beichen.example", name="Beichen")


@pytest.fixture(autouse=True)
def _no_name_servers(monkeypatch):
    """Nothing is asked of the net; tests that verify senders bring records of their own."""
    monkeypatch.setattr("kefu.channels.email.take_in.resolve", lambda name, kind: ())


@pytest.fixture
def arrive(mailbox, settle):
    """A mail comes in and everything that follows is done; returns its row of the ledger."""

    def run(mail: "EmailMessage | bytes", *, into: Mailbox | None = None, envelope_to: str = "") -> SeenMail:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        seen = keep(into or mailbox, raw, source=SeenMail.Source.LMTP, envelope_to=envelope_to)
        settle()
        seen.refresh_from_db()
        return seen

    return run
