"""One mail out of one message: plain text and HTML from the same words."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.channels.email.threads import message_id, reply_address, root_id
from kefu.conversations.links import status_address
from kefu.conversations.models import Delivery, Message
from kefu.text.markup import plain, render


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of a delivery, in the conversation's language.

    Threads by our own Message-IDs (RFC 5322, 3.6.4); says that nobody typed it where nobody did (RFC 3834).
    """
    message = delivery.message
    talk = message.conversation
    with override(talk.language):
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        brand = settings.BRAND.get(talk.language) or settings.BRAND["en"]
        sender = message.agent.label(talk.language) if message.agent else name or brand
        context = {
            "html": render(message.body),
            "text": plain(message.body) if message.kind != Message.Kind.AGENT else message.body,
            "talk": talk,
            "agent": message.agent.label(talk.language) if message.agent else "",
            "badge": message.agent.badge if message.agent else "",
            "brand": brand,
            "link": settings.SITE_URL + status_address(talk),
            "files": [a.name for a in message.attachments.all()],
            "language": talk.language,
        }
        mail = EmailMultiAlternatives(
            subject=_one_line(f"[{talk.number}] {plain(talk.subject) or _('Your question')}"),
            body=render_to_string("email/message.txt", context),
            from_email=formataddr((f"{sender} · {brand}" if message.agent else brand, address)),
            to=[delivery.address],
            reply_to=[formataddr((brand, reply_address(talk.uid, address)))],
            headers={"Message-ID": message_id(delivery.key), "References": root_id(talk.uid), "In-Reply-To": root_id(talk.uid)},
        )
        mail.attach_alternative(render_to_string("email/message.html", context), "text/html")
    if message.kind == Message.Kind.BOT:
        mail.extra_headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    return mail


def _one_line(text: str) -> str:
    """A subject cannot carry further headers."""
    return " ".join(text.split())[:180]
