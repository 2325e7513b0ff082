"""One mail out of one message: plain text and HTML from the same words."""

import logging
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.channels.email.keys import keys_of
from kefu.channels.email.limits import LOOP_HEADER
from kefu.channels.email.mailboxes import signature_of
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.post import sign_as
from kefu.channels.email.quoted import quoted_below
from kefu.channels.email.signed import SignedMail
from kefu.channels.email.threads import message_id, reply_address, root_id
from kefu.conversations.links import status_address
from kefu.conversations.message_code import code_of
from kefu.conversations.models import Attachment, Conversation, Delivery, Message
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable
from kefu.people.models import Identity
from kefu.system.prepared import Fetch, Values
from kefu.text.markup import plain, render

log = logging.getLogger(__name__)

FILES_LIMIT = 10 * 1024 * 1024  # bytes of files sent along; larger ones are on the ticket's page
SHOWN = {"image/png", "image/jpeg"}
File = tuple[str, bytes, str]  # name, content, content type

_first_subject = Values(
    lambda talk: SeenMail.objects.filter(conversation=talk).order_by("received").values_list("subject")[:1],
    SeenMail._meta.get_field("conversation"),
)
_last_header = Values(
    lambda talk, seq: (
        SeenMail.objects.filter(conversation=talk, message__seq__lt=seq)
        .exclude(header_id="")
        .order_by("-received")
        .values_list("header_id")[:1]
    ),
    SeenMail._meta.get_field("conversation"),
    Message._meta.get_field("seq"),
)
_attachments: Fetch[Attachment] = Fetch(lambda message: Attachment.objects.filter(message=message), Attachment._meta.get_field("message"))
_is_proven = Values(
    lambda customer, address: Identity.objects.filter(
        customer=customer, kind="email", address__iexact=address, proof="mailbox"
    ).values_list("pk")[:1],
    Identity._meta.get_field("customer"),
    Identity._meta.get_field("address"),
)


def compose(delivery: Delivery, mailbox: Mailbox | None) -> SignedMail:
    """The mail of a delivery from ``mailbox``, in the conversation's language.

    Threads by Message-IDs (RFC 5322, 3.6.4), ours and the customer's; says that nobody typed it where nobody did
    (RFC 3834). The anti-phishing code goes to a proven mailbox only. With somebody in copy neither it nor the link to the
    ticket is in the mail: who has that link reads everything and writes as the customer.
    """
    message = delivery.message
    talk = message.conversation
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with override(talk.language):
        brand = (mailbox.name if mailbox else "") or settings.BRAND.get(talk.language) or settings.BRAND["en"]
        address = mailbox.address if mailbox else address
        sender = f"{message.agent.label(talk.language)} · {brand}" if message.agent else brand
        files, left = _files(message)
        pictures, files = _pictures(files, delivery.key.hex)
        context = _context(delivery, mailbox, brand) | {
            "pictures": [(one["Content-ID"][1:-1], name) for name, one in pictures],
            "files": left,
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
    for _shown, picture in pictures:
        mail.attach(picture)
    for file_name, content, kind in files:
        mail.attach(file_name, content, kind)
    if pictures and not files:
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]  # what the HTML shows belongs to it, and is no list of files (RFC 2387)
    if message.kind == Message.Kind.BOT:
        mail.extra_headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    if mailbox:
        _seal(mail, mailbox, talk, delivery.address)
    return mail


def _context(delivery: Delivery, mailbox: Mailbox | None, brand: str) -> dict[str, Any]:
    """What the templates say, in the language that is active."""
    message = delivery.message
    talk = message.conversation
    shared = bool(message.data.get("cc") or message.data.get("bcc"))
    phishing_code = _phishing_code(talk, delivery.address)
    return {
        "html": render(message.body),
        "text": plain(message.body) if message.kind != Message.Kind.AGENT else message.body,
        "talk": talk,
        "agent": message.agent.label(talk.language) if message.agent else "",
        "badge": message.agent.badge if message.agent else "",
        "code": code_of(message) if message.agent else "",
        "brand": brand,
        "shared": shared,
        "link": settings.SITE_URL + (reverse("conversations") if shared else status_address(talk)),
        "quoted": quoted_below(message, delivery.address, mailbox, brand=brand, language=talk.language),
        "signature": signature_of(mailbox, talk.language),
        "phishing_code": "" if shared else phishing_code,
        "code_left_out": shared and bool(phishing_code),
        "rate": talk.is_over and not shared and message.kind != Message.Kind.NOTE,
        "scores": range(1, 6),
        "language": talk.language,
    }


def _writes_signed(talk: Conversation) -> bool:
    """Does the customer sign their mails? Then ours carry a signature too; others would only wonder at the file."""
    return talk.messages.filter(kind=Message.Kind.CUSTOMER, data__mail__pgp__in=["signed", "encrypted+signed"]).exists()


def _subject(talk: Conversation) -> str:
    """A subject cannot carry further headers; what the customer wrote there is kept, so that programs thread it."""
    words = plain(talk.subject) or _("Your question")
    began = next((subject for (subject,) in _first_subject.all(talk.pk)), "")
    line = f"Re: {began} [{talk.number}]" if began else f"[{talk.number}] {words}"
    return " ".join(line.split())[:180]


def _thread(talk: Conversation, *, before: Message) -> dict[str, str]:
    """In-Reply-To names the customer's last mail, References also the id that all mails of this conversation share."""
    last = next((header_id for (header_id,) in _last_header.all(talk.pk, before.seq)), "")
    root = root_id(talk.uid)
    if not last or any(c in last for c in "\r\n"):
        return {"References": root, "In-Reply-To": root}
    return {"References": f"{root} {last}", "In-Reply-To": last}


def _seal(mail: SignedMail, mailbox: Mailbox, talk: Conversation, address: str) -> None:
    """With OpenPGP for who uses it, with DKIM where the mailbox has a key."""
    if mailbox.pgp_fingerprint and (own := mailbox.secret("pgp_key")):
        theirs = _readers(address, mail)
        if theirs or _writes_signed(talk):
            mail.pgp = (own, theirs)
    sign_as(mail, mailbox)


def _readers(address: str, mail: SignedMail) -> list[str]:
    """The keys that a mail is encrypted for; with further recipients, whose keys nobody knows, it is not."""
    return [key.armoured for key in keys_of(address, used=True)] if not mail.cc and not mail.bcc else []


def _files(message: Message) -> tuple[list[File], list[str]]:
    """Files that go along, and the names of those that are too large for that or cannot be read."""
    along: list[File] = []
    left: list[str] = []
    room = FILES_LIMIT
    for attachment in _attachments.all(message.pk):
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


def _pictures(files: list[File], key: str) -> tuple[list[tuple[str, MIMEImage]], list[File]]:
    """Pictures that every mail program shows, to stand in the text under a Content-ID (RFC 2392), and the other files."""
    shown: list[tuple[str, MIMEImage]] = []
    for name, content, kind in files:
        if kind in SHOWN:
            picture = MIMEImage(content, kind.partition("/")[2])
            picture["Content-ID"] = f"<{key}.{len(shown)}@{settings.BRAND_DOMAIN}>"
            picture.add_header("Content-Disposition", "inline", filename=name)
            shown.append((name, picture))
    return shown, [one for one in files if one[2] not in SHOWN]


def _phishing_code(talk: Conversation, address: str) -> str:
    """The customer's own code from the exchange, for a mailbox whose control was shown; never for anybody else."""
    port = exchange()
    if port is None or not _is_proven.first(talk.customer_id, connection.ops.prep_for_iexact_query(address)):
        return ""
    try:
        uid = uid_of(talk.customer)
        account = port.account(uid).value if uid else None
    except (NotFound, Unavailable):
        return ""
    return account.phishing_code if account and account.email.lower() == address.lower() else ""
