"""The transcript to the customer's own mailbox: as text, and as a document to keep."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.channels.email.limits import LOOP_HEADER
from kefu.channels.email.mailboxes import mailbox_of
from kefu.channels.email.post import send_once
from kefu.channels.email.signed import SignedMail
from kefu.conversations.errors import Conflict
from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation
from kefu.conversations.reply import mail_address
from kefu.conversations.transcript import transcript
from kefu.conversations.transcript_pdf import as_pdf
from kefu.system import rate
from kefu.system.jobs.queue import enqueue
from kefu.text.markup import plain

JOB = "channels.email.transcripts.send_transcript"


def order_transcript(conversation: Conversation) -> str:
    """Have it sent to the mailbox that gets this conversation's answers; returns the address.

    Never to one that somebody just typed: who finds a link must not have the talk sent elsewhere. Raises Conflict("address")
    where there is none, Conflict("often") for the fourth time in an hour.
    """
    address = mail_address(conversation)
    if not address:
        raise Conflict("address")
    if rate.exceeded("transcript", str(conversation.pk), limit=3, seconds=3600):
        raise Conflict("often")
    enqueue(JOB, conversation_id=conversation.pk, unique=f"transcript:{conversation.pk}")
    return address


def send_transcript(conversation_id: int) -> None:
    """Job: compose and send it, in the conversation's language."""
    talk = Conversation.objects.select_related("customer", "team").get(pk=conversation_id)
    address, mailbox = mail_address(talk), mailbox_of(talk)
    if not address:
        return
    with override(talk.language):
        found = transcript(talk, language=talk.language)
        brand = (mailbox.name if mailbox else "") or settings.BRAND.get(talk.language) or settings.BRAND["en"]
        sender = mailbox.address if mailbox else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        lines = [{"who": line.name or {"customer": _("You"), "bot": _("Automatic answer")}.get(line.who, line.who), "at": line.at,
                  "text": plain(line.body), "files": line.files} for line in found.lines]  # fmt: skip
        context = {
            "talk": talk,
            "lines": lines,
            "brand": brand,
            "link": settings.SITE_URL + status_address(talk),
            "language": talk.language,
        }
        mail = SignedMail(
            subject=_("Transcript of %(number)s") % {"number": talk.number},
            body=render_to_string("email/transcript.txt", context),
            from_email=formataddr((brand, sender)),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", LOOP_HEADER: settings.BRAND_DOMAIN},
        )
        mail.attach_alternative(render_to_string("email/transcript.html", context), "text/html")
        mail.attach(f"{talk.number}.pdf", as_pdf(found), "application/pdf")
    send_once(mail, mailbox, key=f"transcript-{talk.pk}")
