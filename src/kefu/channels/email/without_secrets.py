"""A mail without the secrets in it: what may be shown whole, and what may be kept as the raw copy."""

from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from kefu.conversations.guard import clear
from kefu.conversations.inside import Inside, inside
from kefu.text.files import untagged
from kefu.text.mail import Attachment, Mail

REDACTED = "X-Kefu-Redacted"


@dataclass(frozen=True)
class Cleaned:
    """``removed`` are the kinds of secrets that were found; ``raw`` is the mail rebuilt without them, b"" if none were.

    ``inside``: what was found in each file of the mail, in their order.
    """

    mail: Mail
    removed: tuple[str, ...]
    raw: bytes = field(default=b"", repr=False)
    inside: tuple[Inside, ...] = ()


def cleaned(mail: Mail) -> Cleaned:
    """Look through subject, names, text, HTML and every file; rebuild the mail if anything was found.

    The rebuilt mail has the header fields by which it is known, the text, and no files: what is good of them is kept
    with the message. HTML is left out then, for a secret may be spread over its tags. What nobody could look through
    counts as found for the raw copy: it is not kept either.
    """
    removed: set[str] = set()

    def without(text: str) -> str:
        found, kinds = clear(text)
        removed.update(kinds)
        return found

    subject, name, text = without(mail.subject), without(mail.sender_name), without(mail.text)
    without("\n".join(one.name for one in (*mail.to, *mail.cc, *mail.reply_to)))
    said = " ".join(mail.text.split())
    for view in untagged(mail.html) if mail.html else ():
        if " ".join(view.split()) not in said:  # most HTML says once more what the text said
            without(view)
    found = tuple(_in_file(one) for one in mail.attachments)
    for attachment, one in zip(mail.attachments, found, strict=True):
        without(attachment.name)
        removed.update(one.kinds)
    safe = replace(mail, subject=subject, sender_name=name, text=text)
    if not removed and all(one.known for one in found):
        return Cleaned(safe, (), inside=found)
    return Cleaned(replace(safe, html=""), tuple(sorted(removed)), _rebuilt(safe), found)


def _in_file(attachment: Attachment) -> Inside:
    """What is in a file of a mail; a mail forwarded as a file is one whatever it is called."""
    name = attachment.name if attachment.content_type != "message/rfc822" else f"{attachment.name}.eml"
    return inside(name, attachment.content)


def _rebuilt(mail: Mail) -> bytes:
    made = EmailMessage(policy=SMTP)
    for name, value in (
        ("From", mail.sender),
        ("To", ", ".join(mail.recipients)),
        ("Subject", mail.subject),
        ("Message-ID", mail.message_id),
        ("References", " ".join(mail.references)),
        ("Date", format_datetime(mail.date) if mail.date else ""),
    ):
        if value:
            try:
                made[name] = " ".join(value.split())
            except (ValueError, IndexError):
                continue
    made[REDACTED] = "yes"
    made.set_content(mail.text or "-", charset="utf-8")
    return made.as_bytes()
