"""A mail without the secrets in it: what may be shown whole, and what may be kept as the raw copy."""

from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from kefu.conversations.guard import clear
from kefu.text.mail import Mail


@dataclass(frozen=True)
class Cleaned:
    """``removed`` are the kinds of secrets that were found; ``raw`` is the mail rebuilt without them, b"" if none were."""

    mail: Mail
    removed: tuple[str, ...]
    raw: bytes = field(default=b"", repr=False)


def cleaned(mail: Mail) -> Cleaned:
    """Look through subject, names, text, HTML and text files; rebuild the mail if anything was found.

    The rebuilt mail has the header fields by which it is known, the text, and no files: images and documents are kept
    with the message, checked. HTML is left out then, for a secret may be spread over its tags.
    """
    removed: set[str] = set()

    def without(text: str) -> str:
        found, kinds = clear(text)
        removed.update(kinds)
        return found

    subject, name, text = without(mail.subject), without(mail.sender_name), without(mail.text)
    from kefu.text.mail.html import as_text

    if mail.html:
        without(as_text(mail.html))
        without(mail.html)
    for attachment in mail.attachments:
        without(attachment.name)
        if attachment.content_type.startswith("text/") or attachment.content_type in {"message/rfc822", "application/json"}:
            without(attachment.content[:2_000_000].decode("utf-8", "replace"))
    safe = replace(mail, subject=subject, sender_name=name, text=text)
    if not removed:
        return Cleaned(safe, ())
    return Cleaned(replace(safe, html=""), tuple(sorted(removed)), _rebuilt(safe))


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
    made["X-Kefu-Redacted"] = "yes"
    made.set_content(mail.text or "-", charset="utf-8")
    return made.as_bytes()
