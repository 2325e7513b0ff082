"""Mail at the desk: whole, harmless, for those who may see it; mailboxes connected with a test of each step."""

import hmac
import time
from email.message import EmailMessage
from hashlib import sha256

import pytest

from kefu.channels.email.health import equation, states
from kefu.channels.email.keep import keep
from kefu.channels.email.keys import directory_name
from kefu.channels.email.models import Mailbox, PublicKey, SeenMail
from kefu.people.models import Team
from kefu.system.audit.models import AuditEntry
from kefu.text.mail import pgp
from letters import letter


@pytest.fixture
def mailbox(db, monkeypatch):
    monkeypatch.setattr("kefu.channels.email.take_in.resolve", lambda name, kind: ())
    return Mailbox.objects.create(address="support@beichen.example")


@pytest.fixture
def seen(mailbox, settle):
    made = letter("My own words\n\nOn Tue, 3 Mar 2026 at 10:00, Support <support@beichen.example> wrote:\n> the earlier mail")
    made.add_alternative(
        '<p>My own words</p><script>alert(1)</script><img src="http://track.example/1.gif"><img src="cid:pic"><base href="http://evil.example/"><a href="javascript:alert(1)">x</a>',
        subtype="html",
    )
    made.get_payload()[1].add_related(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<pic>")
    row = keep(mailbox, made.as_bytes(), source=SeenMail.Source.LMTP)
    settle()
    row.refresh_from_db()
    return row


def test_the_thread_shows_the_words_and_leads_to_the_whole(signed_in, agent, seen):
    client = signed_in(agent)
    page = client.get(f"/desk/{seen.conversation.uid}/").content.decode()
    assert "My own words" in page and "the earlier mail" not in page
    assert f"/desk/mail/{seen.uid}/" in page and "Sender not verified" in page
    whole = client.get(f"/desk/mail/{seen.uid}/").content.decode()
    assert "the earlier mail" in whole and "1 picture from the net is left out" in whole


def test_the_frame_can_do_nothing(signed_in, agent, seen):
    answer = signed_in(agent).get(f"/desk/mail/{seen.uid}/frame/")
    html, rules = answer.content.decode(), answer["Content-Security-Policy"]
    assert "default-src 'none'" in rules and "sandbox" in rules and "script-src" not in rules
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "script" not in html and "javascript" not in html and "track.example" not in html and "evil.example" not in html
    assert "data:image/png;base64," in html


def test_the_raw_copy_is_noted(signed_in, agent, seen):
    from kefu.system.audit.models import AuditEntry

    answer = signed_in(agent).get(f"/desk/mail/{seen.uid}/raw/")
    assert answer["Content-Type"] == "application/octet-stream" and "attachment" in answer["Content-Disposition"]
    assert b"the earlier mail" in answer.content
    assert AuditEntry.objects.filter(act="mail.downloaded").exists()


def test_a_mail_of_another_team_is_not_there(signed_in, make_agent, seen):
    mine, other = Team.objects.create(slug="a"), Team.objects.create(slug="b")
    ann = make_agent("ann")
    ann.teams.add(mine)
    seen.conversation.team = other
    seen.conversation.save()
    client = signed_in(ann)
    for tail in ("", "frame/", "raw/"):
        assert client.get(f"/desk/mail/{seen.uid}/{tail}").status_code == 404


def test_a_mail_without_a_conversation_is_for_administrators(signed_in, make_agent, mailbox, settle):
    row = keep(mailbox, b"Subject: ?\r\n\r\nnobody", source=SeenMail.Source.LMTP)
    settle()
    assert signed_in(make_agent("ann")).get(f"/desk/mail/{row.uid}/").status_code == 404
    client = signed_in(make_agent("root", role="administrator"))
    assert client.get(f"/desk/mail/{row.uid}/").status_code == 200
    page = client.get("/desk/mailboxes/").content.decode()
    assert "These wait for a person" in page and "Quarantine 1" in page
    assert "It names no sender" in page
    assert client.post(f"/desk/mailboxes/mails/{row.pk}/replay/").status_code == 302


def test_who_has_looked_puts_a_mail_aside_and_the_mailbox_is_well(signed_in, make_agent, mailbox, settle):
    row = keep(mailbox, b"Subject: ?\r\n\r\nnobody", source=SeenMail.Source.LMTP)
    settle()
    path = f"/desk/mailboxes/mails/{row.pk}/aside/"
    assert signed_in(make_agent("ann")).post(path).status_code in {403, 404}
    client = signed_in(make_agent("root", role="administrator"))
    assert [state.trouble for state in states()] == ["open"]
    assert client.post(path).status_code == 302
    assert [state.trouble for state in states()] == [""] and equation(since=row.received).holds
    page = client.get("/desk/mailboxes/").content.decode()
    assert "These wait for a person" not in page and "Put aside in the last 30 days" in page
    assert client.post(path).status_code == 404, "it is aside already"
    assert client.post(path, {"back": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.outcome == SeenMail.Outcome.QUARANTINE and row.detail == "no sender"
    acts = AuditEntry.objects.filter(act__startswith="mail.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["mail.put_aside", "mail.taken_back"]


GIVEN = {
    "address": "API@beichen.example", "name": "Beichen API", "active": "on", "aliases": "dev@beichen.example, dev2@beichen.example", "blocked": "*@spam.example",
    "imap_host": "127.0.0.1", "imap_port": "1", "imap_security": "none", "imap_user": "api", "imap_password": "very secret", "folder": "INBOX", "read_only": "on",
    "smtp_host": "", "smtp_port": "587", "smtp_security": "starttls", "signature-en": "Your API team",
}  # fmt: skip


def test_a_mailbox_is_tested_and_saved(signed_in, make_agent, db):
    client = signed_in(make_agent("root", role="administrator"))
    page = client.post("/desk/mailboxes/new/", GIVEN | {"try": "1"}).content.decode()
    assert "It does not work yet" in page and "nothing listens on this port" in page
    assert not Mailbox.objects.exists()
    assert client.post("/desk/mailboxes/new/", GIVEN).status_code == 302
    made = Mailbox.objects.get()
    assert made.addresses == ["api@beichen.example", "dev@beichen.example", "dev2@beichen.example"]
    assert made.secret("imap_password") == "very secret" and b"very secret" not in bytes(made.imap_password_sealed)
    page = client.get(f"/desk/mailboxes/{made.pk}/").content.decode()
    assert "very secret" not in page and f"/hooks/mail/{made.uid}/" in page
    client.post(f"/desk/mailboxes/{made.pk}/", GIVEN | {"imap_password": ""})
    made.refresh_from_db()
    assert made.secret("imap_password") == "very secret"


def test_a_password_does_not_go_unencrypted_over_the_net(signed_in, make_agent, db):
    client = signed_in(make_agent("root", role="administrator"))
    answer = client.post("/desk/mailboxes/new/", GIVEN | {"imap_host": "mail.example"})
    assert answer.status_code == 422 and "without TLS" in answer.content.decode()
    assert "API@beichen.example" in answer.content.decode()  # what was typed is there


def post(client, mailbox, raw, *, secret=None, at=None, **headers):
    at = str(int(at or time.time()))
    key = secret or mailbox.secret("webhook_secret")
    sign = hmac.new(key.encode(), at.encode() + b"." + raw, sha256).hexdigest()
    return client.post(
        f"/hooks/mail/{mailbox.uid}/", raw, content_type="message/rfc822", headers={"X-Kefu-Signature": f"t={at},v1={sign}", **headers}
    )


def test_a_provider_hands_mail_over(client, mailbox, settle):
    mailbox.keep_secret("webhook_secret", "s" * 40)
    mailbox.save()
    raw = letter("x" * 3_000_000).as_bytes()  # larger than forms may be
    assert post(client, mailbox, raw).status_code == 202
    settle()
    assert SeenMail.objects.get().outcome == "conversation"
    assert post(client, mailbox, raw, secret="wrong").status_code == 403
    assert post(client, mailbox, raw, at=time.time() - 1000).status_code == 403
    assert client.post(f"/hooks/mail/{mailbox.uid}/", raw, content_type="message/rfc822").status_code == 403
    assert client.post("/hooks/mail/00000000-0000-7000-8000-000000000000/", raw, content_type="message/rfc822").status_code == 404
    assert post(client, mailbox, b"").status_code == 400


def test_the_doctor_speaks_of_mailboxes(mailbox):
    from kefu.cli.doctor import mailboxes

    assert list(mailboxes()) == [("ok", "support@beichen.example", "0 mail(s) seen in 24 hours, every one settled.")]
    mailbox.imap_host, mailbox.failing_since, mailbox.error = "x", mailbox.created, "login: no"
    mailbox.save()
    assert list(mailboxes())[0][0] == "bad"


def test_empty_parts(signed_in, agent, mailbox, settle):
    made = EmailMessage()
    made["From"], made["To"] = "ana@mail.example", "support@beichen.example"
    row = keep(mailbox, made.as_bytes(), source=SeenMail.Source.LMTP)
    settle()
    row.refresh_from_db()
    assert row.message.body == "—"


def test_a_key_of_the_mailbox_is_made_published_and_removed(signed_in, agent, mailbox, client):
    agent.role = "administrator"
    agent.save()
    desk = signed_in(agent)
    desk.post(f"/desk/mailboxes/{mailbox.pk}/key/")
    mailbox.refresh_from_db()
    assert mailbox.pgp_fingerprint and mailbox.pgp_fingerprint in desk.get(f"/desk/mailboxes/{mailbox.pk}/").content.decode()
    assert mailbox.pgp_fingerprint in client.get("/en/verify/").content.decode()
    armour = client.get(f"/keys/{mailbox.pgp_fingerprint}.asc").content
    assert pgp.fingerprint(armour.decode()) == mailbox.pgp_fingerprint and b"PRIVATE" not in armour
    name = directory_name("support")
    assert client.get(f"/.well-known/openpgpkey/hu/{name}?l=support").content == pgp.public_bytes(armour.decode())
    assert client.get(f"/.well-known/openpgpkey/beichen.example/hu/{name}").status_code == 200
    desk.post(f"/desk/mailboxes/{mailbox.pk}/key/removal/")
    assert client.get(f"/keys/{mailbox.pgp_fingerprint}.asc").status_code == 404


def test_only_a_usable_private_key_is_taken(signed_in, agent, mailbox):
    agent.role = "administrator"
    agent.save()
    desk = signed_in(agent)
    private = pgp.generate("Team", mailbox.address)
    fields = {"address": mailbox.address, "imap_port": 993, "imap_security": "tls", "folder": "INBOX", "smtp_port": 587}
    fields |= {"smtp_security": "starttls", "active": "on"}
    refused = desk.post(f"/desk/mailboxes/{mailbox.pk}/", fields | {"pgp_key": pgp.public_key(private)})
    assert refused.status_code == 422 and "This is a public key." in refused.content.decode()
    desk.post(f"/desk/mailboxes/{mailbox.pk}/", fields | {"pgp_key": private})
    mailbox.refresh_from_db()
    assert mailbox.pgp_fingerprint == pgp.fingerprint(private)


def test_a_waiting_key_takes_the_place_of_the_one_before(signed_in, agent):
    agent.role = "administrator"
    agent.save()
    old = PublicKey.objects.create(address="a@b.example", fingerprint="A" * 40, armoured="x", state="used")
    new = PublicKey.objects.create(address="a@b.example", fingerprint="B" * 40, armoured="y", state="waiting")
    assert "B" * 40 in signed_in(agent).get("/desk/mailboxes/").content.decode()
    signed_in(agent).post(f"/desk/mailboxes/keys/{new.pk}/", {"state": "used"})
    assert [PublicKey.objects.get(pk=k.pk).state for k in (old, new)] == ["retired", "used"]


def test_what_is_no_address_is_not_connected(signed_in, agent, mailbox):
    agent.role = "administrator"
    agent.save()
    desk = signed_in(agent)
    fields = {"imap_port": 993, "imap_security": "tls", "folder": "INBOX", "smtp_port": 587, "smtp_security": "starttls"}
    for more, words in (
        ({"address": "nonsense"}, "“nonsense” is no mail address."),
        ({"address": "a@b.example", "aliases": "c@d.example, nope"}, "“nope” is no mail address."),
        ({"address": mailbox.address}, "This mailbox is connected already."),
    ):
        answer = desk.post("/desk/mailboxes/new/", fields | more)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert Mailbox.objects.count() == 1
