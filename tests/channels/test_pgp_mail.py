"""Encrypted and signed mail from the customer's GnuPG to our answer, and back into it."""

import os
import subprocess
from email import message_from_bytes

import pytest
from django.core import mail as outbox

from kefu.channels.email.models import PublicKey, SeenMail
from kefu.conversations.reply import reply
from kefu.text.mail import pgp
from letters import letter
from mail_servers import need

ANA = "ana@mail.example"


@pytest.fixture(scope="module")
def gnupg(tmp_path_factory):
    """gpg(*arguments, given=b"…") with a key of Ana."""
    home = tmp_path_factory.mktemp("gpg")
    os.chmod(home, 0o700)
    quiet = ["--batch", "--yes", "--trust-model", "always", "--pinentry-mode", "loopback", "--passphrase", ""]

    def run(*arguments, given=b""):
        done = subprocess.run([need("gpg"), "--homedir", str(home), *quiet, *arguments], input=given, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done

    run("--quick-gen-key", f"Ana <{ANA}>", "default", "default", "never")
    return run


@pytest.fixture(autouse=True)
def _no_directories(monkeypatch):
    """No mail domain is asked for keys."""
    monkeypatch.setattr("kefu.channels.email.directory.published_key", lambda address: None)


@pytest.fixture
def keyed(mailbox, gnupg):
    private = pgp.generate("Beichen", mailbox.address)
    mailbox.keep_secret("pgp_key", private)
    mailbox.pgp_fingerprint = pgp.fingerprint(private)
    mailbox.authserv_id = "mx.beichen.example"
    mailbox.save()
    gnupg("--import", given=pgp.public_key(private).encode())
    return mailbox


def with_key(gnupg):
    made = letter("My key is attached.", Authentication_Results="mx.beichen.example; dmarc=pass header.from=mail.example")
    key = gnupg("--armor", "--export", ANA).stdout
    made.add_attachment(key, maintype="application", subtype="pgp-keys", filename="ana.asc")
    return made


def encrypted(gnupg, to, text, *, key=""):
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n"
    armour = gnupg("--armor", "--encrypt", "--sign", "-u", ANA, "-r", key or to, given=inside).stdout
    head = f"From: Ana <{ANA}>\nTo: {to}\nSubject: closed\nMessage-ID: <closed@mail.example>\n"
    head += 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\n\n'
    raw = head.encode() + b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n"
    return raw + b"--b\nContent-Type: application/octet-stream\n\n" + armour + b"\n--b--\n"


def test_an_encrypted_mail_is_read_and_answered_encrypted(arrive, settle, agent, keyed, gnupg):
    arrive(with_key(gnupg))
    key = PublicKey.objects.get()
    assert (key.address, key.state) == (ANA, PublicKey.State.USED)
    seen = arrive(encrypted(gnupg, keyed.address, "我的提币 0.5 ETH 没到账", key=keyed.pgp_fingerprint))
    assert seen.message.body == "我的提币 0.5 ETH 没到账"
    facts = seen.message.data["mail"]
    assert (facts["pgp"], facts["signed"], facts["key"]) == ("encrypted+signed", "good", key.fingerprint)
    reply(seen.conversation, "The withdrawal is on its way.", agent=agent)
    settle()
    sent = outbox.outbox[-1].message().as_bytes()
    assert b"on its way" not in sent
    parts = message_from_bytes(sent).get_payload()
    opened = gnupg("--decrypt", given=parts[1].get_payload(decode=True))
    assert b"Good signature" in opened.stderr
    inside = message_from_bytes(opened.stdout)
    assert "The withdrawal is on its way." in "".join(p.get_payload(decode=True).decode() for p in inside.walk() if not p.is_multipart())


def test_a_second_key_waits_until_somebody_looked(arrive, keyed, gnupg):
    arrive(with_key(gnupg))
    made = letter("another key")
    made.add_attachment(pgp.public_key(pgp.generate("Ana", ANA)).encode(), maintype="application", subtype="pgp-keys", filename="b.asc")
    talk = arrive(made).conversation
    assert sorted(PublicKey.objects.values_list("state", flat=True)) == ["used", "waiting"]
    assert talk.messages.filter(data__what="mail_key", data__state="waiting").exists()


def test_a_key_for_somebody_else_teaches_nothing(arrive, keyed, gnupg):
    made = letter("here is a key", sender="eve@evil.example")
    made.add_attachment(gnupg("--armor", "--export", ANA).stdout, maintype="application", subtype="pgp-keys", filename="ana.asc")
    arrive(made)
    assert not PublicKey.objects.exists()


def test_a_mail_for_another_key_is_kept_and_said(arrive, keyed, gnupg):
    seen = arrive(encrypted(gnupg, ANA, "for nobody here"))
    assert seen.outcome == SeenMail.Outcome.CONVERSATION
    assert seen.message.data["mail"]["pgp"] == "closed"
    assert "for nobody here" not in seen.message.body


def test_who_signs_gets_a_signature(arrive, settle, agent, keyed, gnupg):
    clear = gnupg("--armor", "--clear-sign", "-u", ANA, given=b"signed words\n").stdout.decode()
    seen = arrive(letter(clear))
    assert seen.message.data["mail"]["signed"] == "unknown"
    assert seen.message.body == "signed words"
    reply(seen.conversation, "Thank you.", agent=agent)
    settle()
    assert outbox.outbox[-1].message().get_content_type() == "multipart/signed"
