"""One mail out of one message: plain text and HTML from the same words."""

import logging
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.channels.email.keys import keys_of
from kefu.channels.email.limits import LOOP_HEADER
from kefu.channels.email.mailboxes import mailbox_of
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.signed import SignedMail
from kefu.channels.email.threads import message_id, reply_address, root_id
from kefu.conversations.links import status_address
from kefu.conversations.message_code import code_of
from kefu.conversations.models import Conversation, Delivery, Message
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable
from kefu.text.markup import plain, render

log = logging.getLogger(__name__)

FILES_LIMIT = 10 * 1024 * 1024  # bytes of files sent along; larger ones are on the ticket's page
QUOTED = 3000  # characters of the customer's last words below the answer


def compose(delivery: Delivery) -> SignedMail:
    """The mail of a delivery, in the conversation's language.

    Threads by Message-IDs (RFC 5322, 3.6.4), ours and the customer's; says that nobody typed it where nobody did
    (RFC 3834). The anti-phishing code goes to a proven mailbox only.
    """
    message = delivery.message
    talk = message.conversation
    mailbox = mailbox_of(talk)
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with override(talk.language):
        brand = (mailbox.name if mailbox else "") or settings.BRAND.get(talk.language) or settings.BRAND["en"]
        address = mailbox.address if mailbox else address
        sender = f"{message.agent.label(talk.language)} · {brand}" if message.agent else brand
        asked = _asked(message)
        files, left = _files(message)
        context = {
            "html": render(message.body),
            "text": plain(message.body) if message.kind != Message.Kind.AGENT else message.body,
            "talk": talk,
            "agent": message.agent.label(talk.language) if message.agent else "",
            "badge": message.agent.badge if message.agent else "",
            "code": code_of(message) if message.agent else "",
            "brand": brand,
            "link": settings.SITE_URL + status_address(talk),
            "files": left,
            "quoted": asked.body[:QUOTED] if asked else "",
            "quoted_html": render(asked.body[:QUOTED]) if asked else "",
            "asked_at": asked.created if asked else None,
            "signature": _signature(mailbox, talk.language),
            "phishing_code": _phishing_code(talk, delivery.address),
            "rate": talk.is_over and message.kind != Message.Kind.NOTE,
            "scores": range(1, 6),
            "language": talk.language,
        }
        mail = SignedMail(
            subject=_subject(talk),
            body=render_to_string("email/message.txt", context),
            from_email=formataddr((sender, address)),
            to=[delivery.address],
            cc=[str(one) for one in message.data.get("cc", [])],
            bcc=[str(one) for one in message.data.get("bcc", [])],
            reply_to=[formataddr((brand, reply_address(talk.uid, address)))],
            headers={"Message-ID": message_id(delivery.key), LOOP_HEADER: settings.BRAND_DOMAIN, **_thread(talk, before=message)},
        )
        mail.attach_alternative(render_to_string("email/message.html", context), "text/html")
    for file_name, content, kind in files:
        mail.attach(file_name, content, kind)
    if message.kind == Message.Kind.BOT:
        mail.extra_headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    if mailbox and mailbox.pgp_fingerprint and (own := mailbox.secret("pgp_key")):
        theirs = [key.armoured for key in keys_of(delivery.address, used=True)] if not mail.cc and not mail.bcc else []
        if theirs or _writes_signed(talk):
            mail.pgp = (own, theirs)
    if mailbox and mailbox.dkim_selector and (key := mailbox.secret("dkim_key")):
        mail.dkim = (mailbox.dkim_selector, mailbox.address.rpartition("@")[2], key)
    return mail


def _writes_signed(talk: Conversation) -> bool:
    """Does the customer sign their mails? Then ours carry a signature too; others would only wonder at the file."""
    return talk.messages.filter(kind=Message.Kind.CUSTOMER, data__mail__pgp__in=["signed", "encrypted+signed"]).exists()


def _subject(talk: Conversation) -> str:
    """A subject cannot carry further headers; what the customer wrote there is kept, so that programs thread it."""
    words = plain(talk.subject) or _("Your question")
    began = SeenMail.objects.filter(conversation=talk).order_by("received").values_list("subject", flat=True).first()
    line = f"Re: {began} [{talk.number}]" if began else f"[{talk.number}] {words}"
    return " ".join(line.split())[:180]


def _thread(talk: Conversation, *, before: Message) -> dict[str, str]:
    """In-Reply-To names the customer's last mail, References also the id that all mails of this conversation share."""
    last = SeenMail.objects.filter(conversation=talk, message__seq__lt=before.seq).exclude(header_id="").order_by("-received").first()
    root = root_id(talk.uid)
    if last is None or any(c in last.header_id for c in "\r\n"):
        return {"References": root, "In-Reply-To": root}
    return {"References": f"{root} {last.header_id}", "In-Reply-To": last.header_id}


def _asked(message: Message) -> Message | None:
    """The customer's words that a person answers, to be quoted below; not below what nobody typed."""
    if message.kind != Message.Kind.AGENT:
        return None
    rows = Message.objects.filter(conversation_id=message.conversation_id, kind=Message.Kind.CUSTOMER, seq__lt=message.seq)
    return rows.order_by("-seq").first()


def _files(message: Message) -> tuple[list[tuple[str, bytes, str]], list[str]]:
    """Files that go along, and the names of those that are too large for that or cannot be read."""
    along: list[tuple[str, bytes, str]] = []
    left: list[str] = []
    room = FILES_LIMIT
    for attachment in message.attachments.all():
        if attachment.size > room:
            left.append(attachment.name)
            continue
        try:
            with default_storage.open(attachment.storage_key) as file:
                along.append((attachment.name, file.read(), attachment.content_type))
        except OSError:
            log.warning("attachment %s is not in the store", attachment.uid)
            left.append(attachment.name)
            continue
        room -= attachment.size
    return along, left


def _signature(mailbox: Mailbox | None, language: str) -> str:
    if mailbox is None:
        return ""
    return str(mailbox.signatures.get(language) or mailbox.signatures.get("en") or "")


def _phishing_code(talk: Conversation, address: str) -> str:
    """The customer's own code from the exchange, for a mailbox whose control was shown; never for anybody else."""
    port = exchange()
    if port is None or not talk.customer.identities.filter(kind="email", address__iexact=address, proof="mailbox").exists():
        return ""
    try:
        uid = uid_of(talk.customer)
        account = port.account(uid).value if uid else None
    except (NotFound, Unavailable):
        return ""
    return account.phishing_code if account and account.email.lower() == address.lower() else ""
