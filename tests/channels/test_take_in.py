"""A mail becomes a message; nothing is lost, nobody joins a stranger's conversation, machines do not talk for ever."""

import gzip
from email.utils import parseaddr

import pytest
from django.conf import settings as django_settings
from django.core import mail as outbox
from django.core.files.storage import default_storage

from kefu.channels.email.keep import keep, raw_of
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.threads import message_id, reply_address, root_id
from kefu.conversations.models import Attachment, Conversation, Delivery, Message
from kefu.conversations.reply import reply
from kefu.people.models import Identity
from kefu.text.files import look
from letters import letter
from packed_files import everywhere

Outcome = SeenMail.Outcome
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def words(talk):
    return [m.body for m in talk.messages.filter(kind="customer").order_by("seq")]


def answer_to(sent, text="Thank you, it arrived.", **more):
    """The customer's program answers a mail of ours."""
    more = {"sender": "Ana <ana@mail.example>", "to": sent.reply_to[0], "In_Reply_To": sent.extra_headers["Message-ID"]} | more
    return letter(
        text + f"\n\nOn Tue, 3 Mar 2026 at 10:00, Beichen <{parseaddr(sent.from_email)[1]}> wrote:\n> {sent.body.splitlines()[0]}\n",
        subject="Re: " + sent.subject,
        **more,
    )


def test_a_mail_begins_a_conversation_and_is_confirmed(arrive):
    seen = arrive(letter())
    talk = seen.conversation
    assert seen.outcome == Outcome.CONVERSATION
    assert (talk.channel, talk.language, talk.subject) == ("email", "en", "Withdrawal")
    assert words(talk) == ["My withdrawal has not arrived, please help."]
    sent = outbox.outbox[-1]
    assert sent.to == ["ana@mail.example"]
    assert talk.number in sent.subject and talk.number in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-replied"
    assert sent.extra_headers["In-Reply-To"] == seen.header_id


def test_the_first_answer_finds_the_question_between_greeting_and_signature(arrive, article):
    text = "Dear Sir or Madam,\n\nI hope this mail finds you well. I am writing from Lisbon, where I live with my two cats. Where is my deposit?\n\nKind regards,\nAna"
    talk = arrive(letter(text, subject="Question")).conversation
    assert "My deposit has not arrived" in outbox.outbox[-1].body
    assert talk.messages.get(kind="bot").data["citations"]
    other = arrive(
        letter("Dear team,\n\nI liked the hoodies at your booth. Where can I buy one?\n\nBob", sender="bob@mail.example")
    ).conversation
    assert "citations" not in other.messages.get(kind="bot").data


def test_an_answer_by_mail_goes_on_in_the_same_conversation(arrive, agent):
    talk = arrive(letter()).conversation
    with_settle = reply(talk, "Which network was it?", agent=agent)
    arrive(letter("x", sender="b@mail.example"))  # settles the outbox
    sent = next(m for m in outbox.outbox if "Which network" in m.body)
    seen = arrive(answer_to(sent, "It was TRC-20."))
    assert seen.conversation_id == talk.pk
    assert words(talk)[-1] == "It was TRC-20."
    assert seen.message.data["mail"]["folded"]
    assert with_settle.deliveries.get().state == Delivery.State.SENT


@pytest.mark.parametrize("by", ["token", "reference", "root", "number"])
def test_each_way_of_threading_needs_the_same_person(arrive, settle, agent, by):
    talk = arrive(letter()).conversation
    message = reply(talk, "Which network?", agent=agent)
    settle()
    delivery = message.deliveries.get()
    fields = {
        "token": {"to": reply_address(talk.uid, "support@beichen.example")},
        "reference": {"References": message_id(delivery.key)},
        "root": {"In_Reply_To": root_id(talk.uid)},
        "number": {"subject": f"about {talk.number}"},
    }[by]
    stranger = arrive(letter("Tell me the balance", sender="eve@evil.example", **fields))
    assert stranger.conversation_id != talk.pk
    assert words(talk) == ["My withdrawal has not arrived, please help."]
    assert stranger.conversation.messages.filter(data__what="mail_claims").exists()
    own = arrive(letter("TRC-20", **fields))
    assert own.conversation_id == talk.pk


@pytest.mark.parametrize("token", ["", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "real-but-cut", "real-but-changed"])
def test_a_token_that_we_did_not_make_opens_nothing(arrive, token):
    talk = arrive(letter()).conversation
    real = reply_address(talk.uid, "support@beichen.example")
    name, _, rest = real.partition("+")
    made = rest.partition("@")[0]
    token = {"real-but-cut": made[:-3], "real-but-changed": made[:-1] + ("a" if made[-1] != "a" else "b")}.get(token, token)
    seen = arrive(letter("hello there, another matter", to=f"{name}+{token}@beichen.example"))
    assert seen.conversation_id != talk.pk


def test_a_forged_sender_joins_nothing_and_sees_nothing(arrive, mailbox, monkeypatch):
    talk = arrive(letter()).conversation
    mailbox.authserv_id = "mx.beichen.example"
    mailbox.save()
    forged = letter(
        "Change my withdrawal address",
        to=reply_address(talk.uid, "support@beichen.example"),
        Authentication_Results="mx.beichen.example; spf=fail; dkim=none; dmarc=fail header.from=mail.example",
    )
    seen = arrive(forged, into=mailbox)
    assert seen.conversation_id != talk.pk
    assert seen.conversation.customer_id != talk.customer_id
    assert seen.conversation.customer.identities.get().kind == Identity.Kind.CLAIMED
    assert seen.conversation.messages.filter(data__what="mail_forged").exists()


def test_only_our_own_servers_word_counts(arrive, mailbox):
    mailbox.authserv_id = "mx.beichen.example"
    mailbox.save()
    lied = letter(Authentication_Results="mx.evil.example; dmarc=pass header.from=mail.example")
    assert arrive(lied).message.data["mail"]["proof"]["dmarc"] == "none"
    told = letter("another", Authentication_Results="mx.beichen.example; dmarc=pass header.from=mail.example")
    assert arrive(told).message.data["mail"]["proof"]["dmarc"] == "pass"


def test_dkim_is_verified_here_where_no_server_did(arrive, monkeypatch):
    import dkim
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    import base64

    records = {
        "s1._domainkey.mail.example": "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode(),
        "_dmarc.mail.example": "v=DMARC1; p=reject",
    }
    monkeypatch.setattr("kefu.channels.email.take_in.resolve", lambda name, kind: [records[name]] if name in records else [])
    raw = letter().as_bytes().replace(b"\n", b"\r\n")
    signed = dkim.sign(raw, b"s1", b"mail.example", pem) + raw
    assert arrive(signed).message.data["mail"]["proof"] == {"spf": "none", "dkim": "pass", "dmarc": "pass"}
    changed = dkim.sign(raw, b"s1", b"mail.example", pem) + raw.replace(b"withdrawal", b"deposit...")
    assert arrive(changed).conversation.customer.identities.get().kind == Identity.Kind.CLAIMED


def test_a_forger_who_knows_a_message_id_does_not_hide_the_true_mail(arrive, mailbox):
    mailbox.authserv_id = "mx.beichen.example"
    mailbox.save()
    arrive(letter("nonsense", message_id="<known@mail.example>", Authentication_Results="mx.beichen.example; dmarc=fail"))
    true = arrive(letter(message_id="<known@mail.example>", Authentication_Results="mx.beichen.example; dmarc=pass"))
    assert true.outcome == Outcome.CONVERSATION
    assert words(true.conversation) == ["My withdrawal has not arrived, please help."]


def test_our_own_mail_and_automatic_answers_begin_nothing(arrive, settle, agent):
    assert arrive(letter(sender="support@beichen.example")).outcome == Outcome.LOOP
    assert arrive(letter(Auto_Submitted="auto-replied")).outcome == Outcome.AUTO_REPLY
    assert not Conversation.objects.exists()
    talk = arrive(letter()).conversation
    message = reply(talk, "Which network?", agent=agent)
    settle()
    seen = arrive(
        letter("I am away", subject="Out of office", Auto_Submitted="auto-replied", In_Reply_To=message_id(message.deliveries.get().key))
    )
    assert (seen.outcome, seen.conversation_id) == (Outcome.AUTO_REPLY, talk.pk)
    talk.refresh_from_db()
    assert talk.status == "pending"
    assert words(talk) == ["My withdrawal has not arrived, please help."]


def test_a_bounce_marks_the_delivery(arrive, settle, agent):
    talk = arrive(letter()).conversation
    message = reply(talk, "Which network?", agent=agent)
    settle()
    delivery = message.deliveries.get()
    report = (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@beichen.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n--B\r\n\r\nSorry.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n'
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ana@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id(delivery.key)}\r\nSubject: x\r\n\r\nhi\r\n--B--\r\n"
    ).encode()
    seen = arrive(report)
    delivery.refresh_from_db()
    assert (seen.outcome, seen.conversation_id) == (Outcome.BOUNCE, talk.pk)
    assert delivery.state == Delivery.State.FAILED and "no such user" in delivery.error
    assert talk.messages.filter(data__what="not_delivered").exists()


def test_two_kefus_stop_after_two_messages(arrive, settle, settings):
    """What our confirmation looks like to another Kefu, and what that one would send back."""
    arrive(letter(sender="help@other.example"))
    ours = outbox.outbox[-1]
    theirs = letter(
        "We received your question",
        sender="help@other.example",
        **{k.replace("-", "_"): v for k, v in ours.extra_headers.items() if k == "Auto-Submitted"},
    )
    assert arrive(theirs).outcome == Outcome.AUTO_REPLY
    assert Conversation.objects.count() == 1
    assert len(outbox.outbox) == 1


def test_one_automatic_answer_an_hour(arrive):
    for n in range(4):
        arrive(letter(f"Question number {n} about something else"))
    assert Conversation.objects.count() == 4
    assert len(outbox.outbox) == 1
    assert Delivery.objects.filter(state=Delivery.State.HELD).count() == 3


def test_the_same_mail_to_several_addresses_is_one_conversation(arrive, mailbox):
    other = Mailbox.objects.create(address="api@beichen.example")
    same = letter(message_id="<one@mail.example>")
    first, second = arrive(same), arrive(same, into=other)
    again = arrive(letter(message_id="<two@mail.example>"))  # the same words, sent again
    assert [first.outcome, second.outcome, again.outcome] == [Outcome.CONVERSATION, Outcome.DUPLICATE, Outcome.FOLDED]
    assert {first.conversation_id, second.conversation_id, again.conversation_id} == {first.conversation_id}
    assert Message.objects.filter(kind="customer").count() == 1


def test_a_storm_folds(arrive):
    seen = [arrive(letter(f"Where is my money? {n}")) for n in range(15)]
    assert len({one.conversation_id for one in seen}) == 12
    assert seen[-1].outcome == Outcome.FOLDED
    assert Message.objects.filter(kind="customer").count() == 15


def test_a_blocked_sender(arrive, mailbox):
    mailbox.blocked = ["*@evil.example"]
    mailbox.save()
    assert arrive(letter(sender="x@evil.example")).outcome == Outcome.SPAM


def test_a_seed_phrase_in_a_mail_lands_nowhere(arrive, tmp_path):
    made = letter(f"My wallet: {SEED} please help", subject=f"wallet {SEED}")
    made.add_attachment(f"backup {SEED}".encode(), maintype="text", subtype="plain", filename="seed.txt")
    seen = arrive(made)
    assert "sausage" not in words(seen.conversation)[0]
    assert "sausage" not in seen.subject + seen.conversation.subject
    assert b"sausage" not in raw_of(seen)
    for file in (tmp_path / "files").rglob("*"):
        assert not file.is_file() or b"sausage" not in file.read_bytes()
    assert seen.conversation.messages.filter(kind="bot").exists()


@pytest.mark.parametrize("name", sorted(everywhere(SEED)))
def test_a_secret_in_a_file_is_kept_nowhere_and_the_sender_is_told(arrive, tmp_path, name):
    made = letter("see the file")
    made.add_attachment(everywhere(SEED)[name], maintype="application", subtype="octet-stream", filename=name)
    made.add_attachment(b"line of a log", maintype="text", subtype="plain", filename="app.log")
    seen = arrive(made)
    assert seen.outcome == Outcome.CONVERSATION
    assert seen.message.data["removed"] == ["seed_phrase"]
    assert "X-Kefu-Redacted" in raw_of(seen).decode()
    kept = {a.name: default_storage.open(a.storage_key).read() for a in Attachment.objects.filter(message=seen.message)}
    assert kept["app.log"] == b"line of a log"
    assert (name in kept) != ([name, "secret"] in seen.message.data["mail"]["refused"])
    assert not look(name, kept.get(name, b"")).kinds
    assert any("move your funds" in m.body for m in seen.conversation.messages.filter(kind="bot"))


def test_who_mailed_a_secret_is_told_by_mail_what_to_do_and_a_program_is_told_once_an_hour(arrive, mailbox, mailoutbox):
    talk = arrive(letter("Please restore my wallet")).conversation
    assert len(mailoutbox) == 1
    for n in range(3):
        arrive(letter(f"{n}: {SEED}", to=reply_address(talk.uid, mailbox.address)))
    assert len(mailoutbox) == 2, "the confirmation before does not hold it back, and it is no answer to every mail"
    assert "move your funds" in mailoutbox[1].body and mailoutbox[1].extra_headers["Auto-Submitted"] == "auto-replied"


def test_older_mail_with_a_secret_is_answered_by_nobody(mailbox, settle, mailoutbox):
    keep(mailbox, letter(SEED).as_bytes(), source=SeenMail.Source.IMAP, older=True)
    settle()
    assert Message.objects.filter(data__role="secret_advice").exists() and not mailoutbox


@pytest.mark.parametrize("outcome", ["spam", "auto_reply", "loop", "duplicate", "folded", "quarantine"])
def test_whatever_becomes_of_a_mail_its_raw_copy_loses_the_secret(arrive, mailbox, outcome):
    mailbox.blocked = ["*@evil.example"]
    mailbox.save()
    made = {
        "spam": lambda: letter(SEED, sender="x@evil.example"),
        "auto_reply": lambda: letter(SEED, Auto_Submitted="auto-replied"),
        "loop": lambda: letter(SEED, sender=mailbox.address),
        "duplicate": lambda: letter(SEED, message_id="<same@mail.example>"),
        "folded": lambda: letter(SEED),
        "quarantine": lambda: b"Subject: hm\r\n\r\n" + SEED.encode(),
    }[outcome]
    if outcome in {"duplicate", "folded"}:
        arrive(made())
    seen = arrive(made())
    assert seen.outcome == outcome
    assert b"sausage" not in raw_of(seen)


def test_a_file_that_cannot_be_looked_through_is_not_kept(arrive):
    made = letter("see the file")
    made.add_attachment(gzip.compress(b"0" * 90_000_000), maintype="application", subtype="gzip", filename="a.gz")
    seen = arrive(made)
    assert seen.message.data["mail"]["refused"] == [["a.gz", "unknown"]]
    assert len(raw_of(seen)) < 2000


def test_a_secret_at_the_cut_of_a_long_text_leaves_no_half_behind(arrive):
    seen = arrive(letter("deposited " * 1934 + SEED + " withdrawn" * 400))
    assert seen.message.data["mail"]["cut"]
    assert not {"legal", "winner", "sausage"} & set(seen.message.body.split())


def test_the_raw_copy_is_sealed_and_can_be_read_back(arrive, tmp_path):
    made = letter("a rare word: kumquat")
    seen = arrive(made)
    assert b"kumquat" in raw_of(seen)
    assert not any(b"kumquat" in f.read_bytes() for f in (tmp_path / "files").rglob("*") if f.is_file())


def test_files_come_along_and_bad_ones_are_named(arrive):
    made = letter("see the file")
    made.add_attachment(b"line of a log", maintype="text", subtype="plain", filename="app.log")
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="run.exe")
    seen = arrive(made)
    assert [a.name for a in Attachment.objects.filter(message=seen.message)] == ["app.log"]
    assert seen.message.data["mail"]["refused"] == [["run.exe", "type"]]


def test_a_mail_without_a_sender_waits_for_a_person(arrive):
    seen = arrive(b"Subject: hm\r\n\r\nwho am I")
    assert seen.outcome == Outcome.QUARANTINE


def test_a_long_text_is_kept_whole(arrive):
    seen = arrive(letter("very long\n" * 5000))
    assert len(seen.message.body) < 20_000
    assert seen.message.data["mail"]["cut"]
    assert len(raw_of(seen)) > 45_000


def test_the_mailbox_gives_team_and_topic(arrive, mailbox, make_agent):
    from kefu.people.models import Team

    team = Team.objects.create(slug="api-team") if hasattr(Team, "slug") else Team.objects.create(name="API")
    mailbox.team = team
    mailbox.save()
    assert arrive(letter()).conversation.team == team


def test_the_same_row_is_settled_once(arrive, mailbox, settle):
    from kefu.channels.email.take_in import take_in

    seen = arrive(letter())
    take_in(seen.pk)
    assert Message.objects.filter(kind="customer").count() == 1
    raw = letter("imap", message_id="<imap@x>").as_bytes()
    a = keep(mailbox, raw, source="imap", uid_validity=1, imap_uid=7)
    b = keep(mailbox, raw, source="imap", uid_validity=1, imap_uid=7)
    assert a.pk == b.pk


def test_headers_cannot_be_slipped_in(arrive, settle, agent):
    seen = arrive(
        b"From: ana@mail.example\r\nSubject: =?utf-8?B?aGkNCkJjYzogZXZlQGV2aWwuZXhhbXBsZQ==?=\r\nMessage-ID: <a@b>\r\n\r\nhello there"
    )
    reply(seen.conversation, "hi", agent=agent)
    settle()
    for sent in outbox.outbox:
        made = sent.message()
        assert made["Bcc"] is None and "\n" not in made["Subject"]
        assert sent.recipients() == ["ana@mail.example"]


def test_the_brand_domain_is_in_every_mail(arrive):
    arrive(letter())
    assert outbox.outbox[-1].extra_headers["X-Kefu-Loop"] == django_settings.BRAND_DOMAIN
