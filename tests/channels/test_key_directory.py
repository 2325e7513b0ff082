"""Whose key is used at once, and whose waits: by proof of the sender, or by the word of the sender's own mail domain."""

import pytest

from kefu.channels.email import directory
from kefu.channels.email.keys import directory_name
from kefu.channels.email.models import PublicKey
from kefu.conversations.reply import reply
from kefu.system.fetch import Unreachable
from kefu.text.mail import pgp
from letters import letter

ANA = "ana@mail.example"
PROVEN = "mx.beichen.example; dmarc=pass header.from=mail.example"


@pytest.fixture
def keyed(mailbox):
    private = pgp.generate("Beichen", mailbox.address)
    mailbox.keep_secret("pgp_key", private)
    mailbox.pgp_fingerprint = pgp.fingerprint(private)
    mailbox.authserv_id = "mx.beichen.example"
    mailbox.save()
    return mailbox


@pytest.fixture
def domain(monkeypatch):
    """Mail domains with directories: {address: key}; what was asked for is in ``asked``."""
    keys, asked = {}, []

    def fetch(url, **_more):
        asked.append(url)
        for address, key in keys.items():
            local, _, host = address.partition("@")
            if f"://openpgpkey.{host}/" in url and f"/hu/{directory_name(local)}?l={local}" in url:
                return pgp.public_bytes(key)
        raise Unreachable("404")

    monkeypatch.setattr(directory, "fetch", fetch)
    fetch.keys, fetch.asked = keys, asked
    return fetch


def with_key(key, text="My key is attached.", **fields):
    made = letter(text, **fields)
    made.add_attachment(key.encode(), maintype="application", subtype="pgp-keys", filename="ana.asc")
    return made


@pytest.fixture(scope="module")
def anas():
    return pgp.public_key(pgp.generate("Ana", ANA))


def test_the_first_key_of_an_unproven_sender_waits(arrive, keyed, domain, anas):
    talk = arrive(with_key(anas)).conversation
    assert PublicKey.objects.get().state == "waiting"
    assert talk.messages.filter(data__what="mail_key", data__state="waiting").exists()


def test_the_first_key_of_a_proven_sender_is_used(arrive, keyed, domain, anas):
    arrive(with_key(anas, Authentication_Results=PROVEN))
    assert PublicKey.objects.get().state == "used"


def test_a_key_that_waited_is_used_once_its_sender_is_proven(arrive, keyed, domain, anas):
    arrive(with_key(anas))
    arrive(with_key(anas, "Here it is again", Authentication_Results=PROVEN))
    assert PublicKey.objects.get().state == "used"


def test_what_the_senders_domain_publishes_is_used(arrive, settle, keyed, domain, anas):
    domain.keys[ANA] = anas
    talk = arrive(with_key(anas)).conversation
    settle()
    key = PublicKey.objects.get()
    assert (key.state, key.source) == ("used", "wkd")
    assert talk.messages.filter(data__what="mail_key", data__source="wkd").exists()


def test_a_forgers_key_does_not_win_over_the_published_one(arrive, settle, keyed, domain, anas):
    domain.keys[ANA] = anas
    forgers = pgp.public_key(pgp.generate("Ana", ANA))
    arrive(with_key(forgers))
    settle()
    states = dict(PublicKey.objects.values_list("fingerprint", "state"))
    assert states == {pgp.fingerprint(forgers): "waiting", pgp.fingerprint(anas): "used"}


def test_a_published_key_does_not_push_out_the_one_in_use(arrive, settle, keyed, domain, anas):
    arrive(with_key(anas, Authentication_Results=PROVEN))
    domain.keys[ANA] = pgp.public_key(pgp.generate("Ana", ANA))
    directory.look_up(ANA, arrive(letter("more")).conversation.pk)
    assert PublicKey.objects.get(state="used").fingerprint == pgp.fingerprint(anas)
    assert PublicKey.objects.get(state="waiting").source == "wkd"


def test_a_key_for_somebody_else_in_the_directory_is_not_taken(arrive, settle, keyed, domain, anas):
    domain.keys[ANA] = pgp.public_key(pgp.generate("Eve", "eve@mail.example"))
    assert directory.published_key(ANA) is None


def test_nobody_is_looked_up_who_does_not_use_pgp_and_nobody_twice_a_day(arrive, settle, keyed, domain, anas):
    arrive(letter("hello"))
    settle()
    assert not domain.asked
    for n in range(3):
        arrive(with_key(anas, f"again {n}"))
        settle()
    assert len(domain.asked) == 2  # the advanced and the direct address, once


def test_what_came_encrypted_is_not_quoted_in_a_mail_that_all_can_read(arrive, settle, agent, keyed, domain, signed_in, mailoutbox):
    seen = arrive(letter("the secret plan"))
    seen.message.data["mail"]["pgp"] = "encrypted"
    seen.message.save()
    reply(seen.conversation, "Understood.", agent=agent)
    settle()
    assert "Understood." in mailoutbox[-1].body and "secret plan" not in mailoutbox[-1].body
    asked = signed_in(agent).post(
        f"/desk/{seen.conversation.uid}/replies/", {"text": "More.", "key": "k"}, headers={"X-Requested-With": "fetch"}
    )
    assert asked.status_code == 409 and "can be read on its way" in asked.content.decode()


def test_a_key_is_entered_by_hand(signed_in, make_agent, keyed, anas):
    admin = make_agent("root", role="administrator")
    page = signed_in(admin).post("/desk/mailboxes/keys/", {"key": "nothing like a key"})
    assert page.status_code == 422 and "nothing like a key" in page.content.decode()
    assert signed_in(admin).post("/desk/mailboxes/keys/", {"key": anas}).status_code == 302
    key = PublicKey.objects.get()
    assert (key.address, key.state, key.source) == (ANA, "used", "hand")
