"""A kept mail becomes what it is: a message, a bounce, an automatic answer, a loop, or something for a person to look at."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.channels.email import limits
from kefu.channels.email.adapter import Parsed, parse, words_of
from kefu.channels.email.attached import instead_of_words, keep_files
from kefu.channels.email.authenticity import Proof, check
from kefu.channels.email.belongs import Thread, thread_of
from kefu.channels.email.bounced import note_automatic, note_bounce
from kefu.channels.email.directory import plan_look_up
from kefu.channels.email.keep import raw_of, replace_raw
from kefu.channels.email.keys import Unlocked, keys_of, learn, unlock
from kefu.channels.email.mailboxes import our_addresses
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.resolver import resolve
from kefu.channels.email.without_secrets import Cleaned, cleaned
from kefu.conversations.guard import clear
from kefu.conversations.models import Attachment, Conversation, Delivery, locked
from kefu.conversations.receive import Received, receive
from kefu.conversations.timeline import append_activity
from kefu.people.models import Identity
from kefu.system.prepared import Fetch, Values
from kefu.system.turn import write_turn
from kefu.text.language import detect
from kefu.text.mail import Mail, bounce, kind
from kefu.text.mail.read import read_with_tree

log = logging.getLogger(__name__)

Outcome = SeenMail.Outcome
OPEN = {Outcome.WAITING, Outcome.QUARANTINE, Outcome.ERROR}
SAME = "the same words as before"
LANGUAGES = ("zh-hans", "en")

_by_pk: Fetch[SeenMail] = Fetch(lambda pk: SeenMail.objects.filter(pk=pk).select_related("mailbox"), SeenMail._meta.get_field("id"))
_outcome_locked = Values(
    lambda pk: SeenMail.objects.select_for_update().filter(pk=pk).order_by().values_list("outcome"), SeenMail._meta.get_field("id")
)


@dataclass(frozen=True)
class Arrived:
    """A mail with everything that is known of it before the database is asked."""

    mail: Mail
    parsed: Parsed
    proof: Proof
    safe: Cleaned
    unlocked: Unlocked


def take_in(seen_id: int) -> None:
    """Job: settle one row of the ledger. Safe to repeat: a settled row stays as it is, and a message is stored once.

    Reading, decrypting and asking name servers happen outside the transaction; storing and settling commit together.
    """
    seen = _by_pk.first(seen_id)
    if seen is None or seen.outcome not in OPEN:
        return
    raw = raw_of(seen)
    if raw is None:
        _settle(seen, Outcome.ERROR, "the raw copy cannot be opened")
        return
    outer, tree = read_with_tree(raw)
    unlocked = unlock(raw, outer, seen.mailbox)
    mail = unlocked.mail
    seen.header_id, seen.sender = mail.message_id[:300], mail.sender.lower()[:254]
    safe = cleaned(mail)
    seen.subject = safe.mail.subject[:200]
    if not mail.sender or any(problem.startswith("could not be read") for problem in mail.problems):
        _settle(seen, Outcome.QUARANTINE, "; ".join(mail.problems)[:300] or "no sender", safe)
        return
    if limits.is_own(mail, our_addresses()):
        _settle(seen, Outcome.LOOP, "comes from an address of ours", safe)
        return
    if limits.is_blocked(seen.mailbox, mail):
        _settle(seen, Outcome.SPAM, "on the block list", safe)
        return
    what = kind(raw, known=(outer, tree))
    recipients = (seen.envelope_to, *mail.recipients, *mail.delivered_to)
    if what == "bounce":
        found = bounce(raw)
        with write_turn(), transaction.atomic():
            talk = note_bounce(found) if found else None
            _close(seen, safe, Outcome.BOUNCE, clear(found.reason)[0] if found else "", conversation=talk)
        return
    proof = check(raw, mail, authserv_id=seen.mailbox.authserv_id, resolver=None if seen.mailbox.authserv_id else resolve)
    forged = proof.sender == "fail"
    thread = thread_of(mail, filter(None, recipients), proven=proof.sender == "pass", forged=forged)
    if what == "auto-reply":
        with write_turn(), transaction.atomic():
            if thread.conversation:
                note_automatic(thread.conversation, safe.mail)
            _close(seen, safe, Outcome.AUTO_REPLY, safe.mail.subject, conversation=thread.conversation)
        return
    _store(seen, Arrived(mail, words_of(safe.mail), proof, safe, unlocked), thread)


def _store(seen: SeenMail, arrived: Arrived, thread: Thread) -> None:
    """The message, its files and the row's outcome, in one transaction."""
    mail, parsed, at = arrived.mail, arrived.parsed, now()
    forged = arrived.proof.sender == "fail"
    uploader = f"mail:{seen.uid.hex}"
    files, refused = keep_files(arrived.mail.attachments, arrived.safe.inside, uploader)
    language = detect(parsed.text, LANGUAGES) if parsed.text.strip() else seen.mailbox.language or "en"
    with write_turn(), transaction.atomic():
        now_is = _outcome_locked.first(seen.pk)
        if now_is is None or now_is[0] not in OPEN:
            return
        target = thread.conversation
        folded = ""
        if target is None and not forged:
            before = limits.recent(mail.sender, at=at)
            target = limits.same_before(before, mail.sender, parsed.text)
            folded = SAME if target else ""
            if target is None and (target := limits.storm(before, at=at)):
                folded = "one of very many"
        if folded == SAME and target is not None:
            _again(seen, arrived, target)
            return
        got = receive(
            parse(
                mail,
                parsed if parsed.text.strip() else Parsed(instead_of_words(files, refused), parsed.whole, False),
                kind=Identity.Kind.CLAIMED if forged else Identity.Kind.EMAIL,
                thread=str(target.uid) if target else "",
                let_in=thread.sure,
                language=language,
                topic=seen.mailbox.topic.slug if seen.mailbox.topic else "",
                files=files,
                uploader=uploader,
                about=_about(seen, arrived, refused),
                removed=arrived.safe.removed,
            )
        )
        if not got.is_new:
            Attachment.objects.filter(uploader=uploader, message__isnull=True).delete()
            _close(seen, arrived.safe, Outcome.DUPLICATE, "the same mail came before", conversation=got.conversation)
            return
        _after(got, seen, arrived, thread, forged)
        _learn(got, arrived, seen.mailbox)
        outcome = Outcome.FOLDED if folded else Outcome.CONVERSATION
        _close(seen, arrived.safe, outcome, folded, conversation=got.conversation, message=got.message)


def _again(seen: SeenMail, arrived: Arrived, target: Conversation) -> None:
    """The same words came once more: as the very same mail over another address, or sent again."""
    mail = arrived.mail
    if seen.header_id and SeenMail.objects.filter(header_id=seen.header_id, conversation=target, message__isnull=False).exists():
        _close(seen, arrived.safe, Outcome.DUPLICATE, "the same mail came before", conversation=target)
        return
    with locked(target) as c:
        append_activity(c, "mail_again", to=", ".join(mail.recipients)[:200])
        c.save()
    _close(seen, arrived.safe, Outcome.FOLDED, SAME, conversation=target)


def _about(row: SeenMail, arrived: Arrived, refused: list[list[str]]) -> dict[str, Any]:
    """What the desk shows beside the words: who wrote to whom, what is proven, what is folded away."""
    mail, safe = arrived.mail, arrived.safe.mail
    return {
        "mail": {
            "from": mail.sender[:254],
            "name": safe.sender_name[:80],
            "to": [a.email[:254] for a in mail.to[:20]],
            "cc": [a.email[:254] for a in mail.cc[:20]],
            "reply_to": [a.email[:254] for a in mail.reply_to[:3]],
            "subject": safe.subject[:200],
            "proof": {"spf": arrived.proof.spf, "dkim": arrived.proof.dkim, "dmarc": arrived.proof.dmarc},
            "fingerprint": limits.fingerprint(mail.sender, arrived.parsed.text),
            "folded": len(arrived.parsed.whole) > len(arrived.parsed.text) + 20,
            "html": bool(mail.html),
            "cut": arrived.parsed.cut,
            "pgp": arrived.unlocked.state,
            "signed": arrived.unlocked.signed,
            "key": arrived.unlocked.by,
            "smime": "encrypted" if mail.encrypted == "smime" else "signed" if mail.signed == "smime" else "",
            "problems": list(mail.problems[:5]),
            "refused": refused,
            "seen": str(row.uid),
        }
    }


def _after(got: Received, row: SeenMail, arrived: Arrived, thread: Thread, forged: bool) -> None:
    """What a new conversation gets from its mailbox, and what agents are warned of."""
    mailbox: Mailbox = row.mailbox
    is_first = got.message.seq == 1
    claims = thread.claimed is not None and thread.conversation is None
    if not forged and not claims and not (is_first and (mailbox.team_id or row.older)):
        return
    with locked(got.conversation) as c:
        if is_first and row.older:
            c.bot = {**c.bot, "acknowledged": True}  # nobody wants to hear today that a mail of last spring has arrived
            Delivery.objects.filter(message__conversation=c, state=Delivery.State.DUE).update(state=Delivery.State.HELD, error="older mail")
        if is_first and mailbox.team_id:
            c.team_id = mailbox.team_id
        if is_first and forged:
            c.fields = {**c.fields, "reply_to": arrived.mail.sender.lower()[:254]}
        if claims and thread.claimed is not None:
            append_activity(c, "mail_claims", number=thread.claimed.number or "", address=arrived.mail.sender[:254])
        if forged:
            append_activity(c, "mail_forged", address=arrived.mail.sender[:254])
        c.save()


def _learn(got: Received, arrived: Arrived, mailbox: Mailbox) -> None:
    """Keys that came along are kept, and said: which one, and whether it is used. Who uses PGP and has no key in use here
    may have one in the directory of their domain."""
    proven, forged = arrived.proof.sender == "pass", arrived.proof.sender == "fail"
    learned = learn(arrived.mail, proven=proven, forged=forged)
    for key in learned:
        with locked(got.conversation) as c:
            append_activity(c, "mail_key", fingerprint=key.fingerprint, state=key.state, address=key.address)
            c.save()
    uses_pgp = bool(learned) or bool(arrived.unlocked.state)
    if uses_pgp and not forged and mailbox.pgp_fingerprint and not keys_of(arrived.mail.sender, used=True):
        plan_look_up(arrived.mail.sender, got.conversation)


def _settle(seen: SeenMail, outcome: SeenMail.Outcome, detail: str, safe: Cleaned | None = None) -> None:
    with write_turn(), transaction.atomic():
        _close(seen, safe, outcome, detail)


def _close(seen: SeenMail, safe: Cleaned | None, outcome: SeenMail.Outcome, detail: str = "", **also: Any) -> None:
    """Settle the row; whatever became of the mail, its raw copy loses the secrets in the same transaction."""
    if safe and safe.raw:
        replace_raw(seen, safe.raw)
    seen.settle(outcome, detail, **also)
